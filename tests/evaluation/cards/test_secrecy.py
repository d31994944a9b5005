"""What lies in the database of cards and their answers, what the team sees of it, and sheets of paper."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from evaluation import piles
from evaluation.cards import actions as cards_actions
from evaluation.cards.forms import CardField
from evaluation.cards.queries import hash_of, pseudonym_of
from evaluation.models import Card, Response
from evaluation.rounds import actions as rounds
from feedback.languages.queries import said_in
from feedback.models import Answer, Form, PaperPile, SealedAnswer, Submission
from feedback.paper import actions as paper
from feedback.paper import delivery
from feedback.paper import sheet as paper_sheet
from ppg.access.refusals import Refused
from ppg.links import typed_codes as cards
from ppg.models import AuditEntry
from tests.evaluation.carded import page, sent
from tests.evaluation.cards_counted import counted_out
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db


def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        found = []
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


# --- What lies in the database, and what the team sees ----------------------------------------------------


def test_only_a_hash_of_a_code_is_kept_and_it_needs_the_installations_secret(before, codes, use, settings):
    use(before, codes[0], 2)
    kept = everything_in_the_database()
    for code in codes:
        assert code not in kept and cards.printed(code) not in kept and pseudonym_of(code) not in kept
    there = hash_of(codes[0])
    settings.SECRET_KEY = "another installation"
    assert hash_of(codes[0]) != there


def test_nothing_ties_a_card_to_a_place_or_a_person(both, codes):
    """No column leads from a card, or from answers by card, to anybody; and no key of a person is made."""
    for model in (Card, Response, Submission, SealedAnswer):
        leads_to = {one.related_model.__name__ for one in model._meta.get_fields() if one.related_model}
        assert not leads_to & {"Place", "Caregiver", "Referral", "PersonalLink", "WaveLink", "User"}, model
        assert not [one for one in model._meta.fields if one.get_internal_type() in ("DateTimeField", "DateField")]
    for name in ("PseudonymKey", "WaveLink"):
        assert not apps.get_model("evaluation", name).objects.exists()
    names = {str(card.pk) for card in Card.objects.all()} | set(Card.objects.values_list("code_hash", flat=True))
    pseudonyms = set(Response.objects.values_list("pseudonym", flat=True))
    assert pseudonyms == {pseudonym_of(code) for code in codes[:8]} and not pseudonyms & names


def test_the_rows_of_cards_are_not_in_the_order_of_the_sheet(cohort, lead, codes):
    """Shuffled: by chance one order in 10! is that of the sheet."""
    with connection.cursor() as cursor:
        hidden = "rowid" if connection.vendor == "sqlite" else "ctid"
        cursor.execute(f"SELECT code_hash FROM evaluation_card ORDER BY {hidden}")  # noqa: S608
        stored = [row[0] for row in cursor.fetchall()]
    assert sorted(stored) == sorted(map(hash_of, codes)) and stored != [hash_of(code) for code in codes]


def test_answering_and_taking_out_leave_no_line_in_the_trail(stranger, lead, before, codes):
    trail = AuditEntry.objects.count()
    stranger.post(page(codes[0]), sent())
    paper.send_pile(pile=type_in(before.form, lead, answers(2) | {"+code": codes[1]}), chosen={})
    stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    assert SealedAnswer.objects.count() == 1 and AuditEntry.objects.count() == trail


def test_a_code_stands_in_no_log_line(stranger, before, codes, caplog):
    from ppg.logs import LineFormatter

    line = LineFormatter().format(logging.LogRecord("x", 20, __file__, 0, "Not Found: %s", (page(codes[0]),), None))
    assert codes[0][:5] not in line and "Not Found: ***" in line


def test_the_team_sees_no_count_before_closing_and_the_same_page_with_none_and_with_eight(
    browser_of, lead, cohort, before, codes, use
):
    url = reverse("evaluation:waves", args=[cohort.code])
    key = re.compile(r'value="[0-9a-f-]{36}"|csrfmiddlewaretoken" value="[^"]+"')
    none = key.sub("", browser_of(lead).get(url).text)
    for code in codes[:8]:
        use(before, code, 2)
    assert key.sub("", browser_of(lead).get(url).text) == none
    assert "shown when the questions have closed" in none


@pytest.mark.parametrize(("n", "words"), [(4, "fewer than 5"), (0, "fewer than 5"), (5, "5 people answered")])
def test_after_closing_the_team_sees_how_many_if_they_are_enough(
    browser_of, lead, cohort, before, codes, use, n, words
):
    for code in codes[:n]:
        use(before, code, 2)
    rounds.close_wave(wave=before, by=None)
    url = reverse("evaluation:waves", args=[cohort.code])
    assert "are counted and add up" in browser_of(lead).get(url).text and words not in browser_of(lead).get(url).text
    counted_out(cohort)
    text = browser_of(lead).get(reverse("evaluation:waves", args=[cohort.code])).text
    assert words in text and ("4 people" not in text)


def test_nobody_is_linked_or_reminded_in_a_group_with_cards(browser_of, lead, before, places):
    for name in ("evaluation:link", "evaluation:enter"):
        assert browser_of(lead).post(reverse(name, args=[before.code, places[0].code]), sent()).status_code == 409
    url = reverse("evaluation:send", args=[before.code])
    assert "nobody can be reminded" in browser_of(lead).get(url).text
    assert rounds.send_links(wave=before, by=lead, site="") == 0


def type_in(form, by, *sheets):
    pile = paper.begin_pile(form=form, sheets=len(sheets), by=by)
    for number, sheet in enumerate(sheets, start=1):
        paper.type_sheet(pile=pile, again=False, number=number, sheet=sheet)
    return pile


def test_sheets_of_paper_are_typed_in_as_a_pile_with_their_codes(lead, before, codes, use):
    use(before, codes[0], 1)
    sheets = [answers(level) | {"+code": code} for level, code in ((4, codes[0]), (3, codes[1]), (2, codes[2]))]
    cards_actions.withdraw_card(code=codes[2])
    assert paper.send_pile(pile=type_in(before.form, lead, *sheets), chosen={})
    rounds.close_wave(wave=before, by=None)
    assert sorted(sheet.way for sheet in Submission.objects.all()) == ["online", "paper"]
    assert set(Answer.objects.filter(question__slug="trust").values_list("number", flat=True)) == {1, 3}


def test_the_code_on_a_sheet_is_checked_when_it_is_typed(before, codes, other_cohort, lead):
    assert delivery.typing_of(before.form) is piles.BY_CARD
    field = CardField(cohort=before.cohort_id, label="Code")
    assert field.clean(f" {codes[0].lower()} ") == codes[0]
    rounds.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    foreign = cards_actions.make_cards(cohort=other_cohort, by=lead)[0]
    for wrong in ("22222-22223", foreign):
        with pytest.raises(ValidationError, match="That is not a card of ours"):
            field.clean(wrong)


def test_a_round_that_is_due_waits_a_day_for_sheets_that_are_being_typed_in(lead, before, codes):
    now = timezone.now()
    Form.objects.filter(pk=before.form_id).update(closes_at=now)
    pile = type_in(before.form, lead, answers(3) | {"+code": codes[1]})
    assert rounds.close_due_waves(now + timedelta(hours=1)) == 0
    assert paper.send_pile(pile=pile, chosen={})
    assert rounds.close_due_waves(now + timedelta(hours=1)) == 1 and Response.objects.count() == 1
    with pytest.raises(Refused, match="no sheets can join"):
        paper.send_pile(pile=type_in_closed(before, lead, codes[2]), chosen={})


def test_nobody_closes_a_round_by_hand_over_sheets_that_are_being_typed_in(browser_of, lead, held, before, codes):
    pile = type_in(before.form, lead, answers(3) | {"+code": codes[1]})
    url = reverse("evaluation:close_wave", args=[before.code])
    assert "being typed in" in browser_of(lead).post(url).text
    paper.send_pile(pile=pile, chosen={})
    assert browser_of(lead).post(url).status_code == 302 and Response.objects.count() == 1


def type_in_closed(wave, by, code):
    sheet = answers(1) | {"+code": code}
    return PaperPile.objects.create(form=Form.objects.get(pk=wave.form_id), typed_by=by, first=[sheet])


def test_the_printed_sheet_has_a_line_for_the_code_and_the_consent(before):
    html = paper_sheet.print_html(before.form, said_in(before.form.questionnaire), large=False)
    assert (
        "<h1>A few questions</h1>" in html
        and "Code on the card" in html
        and "By handing in this sheet you agree" in html
    )


def test_in_a_group_with_links_sheets_are_typed_in_one_person_at_a_time(waves):
    assert delivery.typing_of(waves[0].form) is None
