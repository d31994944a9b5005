"""Cards are printed by somebody who cannot read what is answered with them: the group's size and two, and no more."""

from __future__ import annotations

import importlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.cards import actions
from evaluation.cards.queries import codes_of, hash_of
from evaluation.collecting import collect
from evaluation.models import Card, CardSheet, EvaluationPlan
from evaluation.rounds import actions as rounds
from ppg.access.permissions import GRANTS, P
from ppg.access.refusals import Refused
from ppg.links import typed_codes as cards
from ppg.models import AuditEntry
from tests.evaluation.cards_counted import counted_out
from tests.factories import CohortFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

SLIPS = reverse("feedback:slips")


@pytest.fixture
def coded(cohort, places, lead):
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    return cohort


@pytest.fixture
def press(cohort) -> str:
    return reverse("evaluation:cards", args=[cohort.code])


@pytest.fixture
def drawn(monkeypatch) -> list[list[str]]:
    """The codes of each sheet that was drawn. Drawing a PDF takes a second."""
    hits: list[list[str]] = []

    def draw(html: str) -> bytes:
        hits.append(re.findall(r'card__sign">([\w-]+)<', html))
        return b"%PDF"

    monkeypatch.setattr("evaluation.cards.sheet.render_pdf", draw)
    return hits


def test_nobody_who_prints_cards_may_ask_or_read():
    printing = [role for role, granted in GRANTS.items() if P.SLIPS_PRINT in granted]
    for role in printing:
        assert not GRANTS[role] & {P.MEASURE_SEND, P.FIGURES_SEE, P.REPORT_WRITE, P.ACROSS, P.DATA_TAKE}, role


@pytest.mark.parametrize("who", ["parent", "administrator"])
def test_the_sheet_is_not_kept_and_printed_again_it_is_the_same(browser_of, request, coded, press, drawn, who):
    browser = browser_of(request.getfixturevalue(who))
    assert press in browser.get(SLIPS).text and "Not printed yet" in browser.get(press).text
    for _ in range(2):
        answer = browser.post(press)
        assert answer.headers["Content-Type"] == "application/pdf" and "attachment" in str(answer.headers)
        assert answer.headers["Cache-Control"] == "no-store"
    assert drawn[0] == drawn[1] and len(set(drawn[0])) == 10
    assert set(Card.objects.values_list("code_hash", flat=True)) == {hash_of(cards.typed(code)) for code in drawn[0]}
    assert "10 cards, first made on" in browser.get(press).text
    trail = AuditEntry.objects.filter(what="cardsheet").order_by("pk")
    assert [entry.verb for entry in trail] == ["created", "downloaded"]


def test_who_reads_the_figures_prints_none(browser_of, lead, facilitator, manager, evaluator, coded, press):
    for user in (lead, facilitator, manager, evaluator):
        for ask in (browser_of(user).get, browser_of(user).post):
            assert ask(press).status_code == 403
    assert not Card.objects.exists()


def test_a_parent_prints_for_their_own_groups_alone(browser_of, parent, lead, other_cohort):
    rounds.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    url = reverse("evaluation:cards", args=[other_cohort.code])
    assert browser_of(parent).post(url).status_code == 404 and url not in browser_of(parent).get(SLIPS).text


def test_the_sheet_grows_with_the_group_and_the_first_ones_stay(coded, parent):
    first = actions.make_cards(cohort=coded, by=parent)
    PlaceFactory(cohort=coded)
    grown = actions.make_cards(cohort=coded, by=parent)
    assert (len(first), grown[:10], len(grown)) == (10, first, 11)
    assert Card.objects.count() == 11


def test_each_group_has_cards_of_its_own(coded, other_cohort, lead, parent):
    rounds.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    ours, theirs = (actions.make_cards(cohort=one, by=parent) for one in (coded, other_cohort))
    assert not set(ours) & set(theirs)


def test_none_once_the_first_questions_have_closed(browser_of, administrator, coded, before, parent, press):
    rounds.close_wave(wave=before, by=None)
    with pytest.raises(Refused, match="have closed"):
        actions.make_cards(cohort=coded, by=parent)
    assert browser_of(administrator).get(press).status_code == 409
    assert press not in browser_of(administrator).get(SLIPS).text


def test_a_group_that_is_long_over_is_on_no_list(browser_of, administrator, coded, press, now):
    SessionFactory(cohort=coded, starts_at=now - timedelta(weeks=9))
    assert press not in browser_of(administrator).get(SLIPS).text


def test_the_team_is_told_who_prints_and_whether_they_were_printed(browser_of, lead, parent, coded, press, drawn):
    page = reverse("evaluation:waves", args=[coded.code])
    told = browser_of(lead).get(page).text
    assert "The cards are not printed yet." in told and "Pat Parent or an administrator prints them" in told
    assert press not in told
    browser_of(parent).post(press)
    told = browser_of(lead).get(page).text
    assert "10 cards were printed by Pat Parent on" in told
    assert not [code for code in drawn[0] if code in told]


# --- Cards from before there were sheets ------------------------------------------------------------------


def upgraded() -> CardSheet:
    migration = importlib.import_module("evaluation.migrations.0013_cards_counted_out")
    migration.cards_that_exist_stay_good(apps, None)
    return CardSheet.objects.get()


def older(cohort, n: int) -> None:
    Card.objects.bulk_create(Card(cohort=cohort, code_hash=hash_of(cards.code_of(number))) for number in range(n))


def test_cards_that_exist_at_the_upgrade_are_the_first_of_the_sheet(coded, parent):
    older(coded, 8)
    sheet = upgraded()
    assert (sheet.made, sheet.earlier, sheet.counts) == (8, 8, False)
    assert len(actions.make_cards(cohort=coded, by=parent)) == 2, "ten in all"
    assert Card.objects.count() == 10


def test_where_there_were_more_than_the_group_needs_none_is_added(coded, parent):
    older(coded, 12)
    upgraded()
    with pytest.raises(Refused, match="made before"):
        actions.make_cards(cohort=coded, by=parent)
    assert Card.objects.count() == 12


def test_they_are_good_and_counted_out_as_any(coded, places, use):
    older(coded, 12)
    upgraded()
    wave = rounds.open_wave(cohort=coded, point="before", by=None)
    for number in range(6):
        use(wave, cards.code_of(number), 2)
    rounds.close_wave(wave=wave, by=None)
    sheet = counted_out(coded)
    assert (sheet.made, sheet.used, sheet.left, sheet.counts) == (12, 6, 4, True)


def test_figures_of_a_group_whose_first_round_had_closed_stand(both, cohort, now):
    CardSheet.objects.all().delete()
    assert collect.whole(cohort, now).domains[0].pairs == 0
    sheet = upgraded()
    assert (sheet.stands, codes_of(sheet)) == (True, [])
    assert collect.whole(cohort, now).domains[0].pairs == 7


def test_the_page_of_those_who_print_says_which_groups_need_cards_and_how_many_have_some(
    browser_of, administrator, coded, press, drawn
):
    browser = browser_of(administrator)
    assert f"Print the cards: {coded.name}<" in browser.get(SLIPS).text
    browser.post(press)
    assert f"Print the cards: {coded.name} (10 printed)" in browser.get(SLIPS).text


def test_the_page_of_those_who_print_asks_the_same_for_any_number_of_groups(browser_of, administrator, lead):
    browser = browser_of(administrator)
    asked = []
    for n in (1, 3):
        while EvaluationPlan.objects.count() < n:
            rounds.choose_plan(cohort=CohortFactory(team=[lead]), mode="coded", measure=None, by=lead)
        browser.get(SLIPS)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(SLIPS).text.count("Print the cards:") == n
        asked.append(len(queries))
    assert asked[0] == asked[1]
