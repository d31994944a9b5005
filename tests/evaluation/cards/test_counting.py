"""Two people count the cards that were left over before anything is in a figure; what does not add up stays out."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from caregivers.models import Place
from evaluation.across.rows import Reader
from evaluation.cards import actions
from evaluation.cards.queries import codes_of, pseudonym_of
from evaluation.collecting import collect
from evaluation.models import CardCount, CardSheet, Response
from evaluation.rounds import actions as rounds
from feedback.models import Submission
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.evaluation.cards_counted import counted_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort) -> str:
    return reverse("evaluation:count_cards", args=[cohort.code])


@pytest.fixture
def answered(held, before, codes, use):
    """Six of ten cards were used before."""
    for code in codes[:6]:
        use(before, code, 1)
    return rounds.close_wave(wave=before, by=None)


def afterwards(cohort, use, codes) -> None:
    after = rounds.open_wave(cohort=cohort, point="after", by=None)
    for code in codes:
        use(after, code, 3)
    rounds.close_wave(wave=after, by=None)


def test_two_who_agree_bring_the_answers_into_the_figures(
    browser_of, lead, facilitator, parent, cohort, answered, codes, use, url, now
):
    afterwards(cohort, use, codes[:6])
    figures = reverse("evaluation:figures", args=[cohort.code])
    assert {domain.pairs for domain in collect.whole(cohort, now).domains} == {0}
    assert "in no figure yet" in browser_of(lead).get(figures).text
    browser_of(parent).post(url, {"left": "2", "people": "8"})
    assert "Pat Parent has counted." in browser_of(facilitator).get(url).text
    assert {domain.pairs for domain in collect.whole(cohort, now).domains} == {0}
    told = browser_of(facilitator).post(url, {"left": "2", "people": "8"}, follow=True).text
    assert "Both counts are the same. The cards that were left over are void." in told
    assert {domain.pairs for domain in collect.whole(cohort, now).domains} == {6}
    for page in (
        figures,
        reverse("evaluation:waves", args=[cohort.code]),
        reverse("evaluation:report", args=[cohort.code]),
    ):
        assert "6 of 10 cards used, 2 made void." in browser_of(lead).get(page).text
    entries = AuditEntry.objects.filter(what="cardsheet", verb="changed").order_by("pk")
    assert [(entry.user, entry.fields) for entry in entries] == [(parent, ["count"]), (facilitator, ["count"])]
    assert not CardCount.objects.exists() and not codes_of(CardSheet.objects.get())


def test_nobody_sees_what_the_other_counted(browser_of, lead, parent, answered, url):
    browser_of(parent).post(url, {"left": "7", "people": "93"})
    page = browser_of(lead).get(url).text
    assert 'value="93"' not in page and "93" not in re.sub(r'value="[^"]*"', "", page)
    assert 'value="93"' in browser_of(parent).get(url).text


def test_where_they_differ_both_count_once_more(browser_of, lead, parent, answered, url):
    browser_of(lead).post(url, {"left": "2", "people": "8"})
    page = browser_of(parent).post(url, {"left": "3", "people": "8"}, follow=True).text
    assert "The two counts are not the same" in page and "their numbers are not the same" in page
    assert not CardSheet.objects.get().counts
    browser_of(lead).post(url, {"left": "3", "people": "8"})
    assert CardCount.objects.count() == 1, "Neither may type what the other did."


def test_agreed_it_is_final(cohort, answered, parent):
    counted_out(cohort)
    with pytest.raises(Refused, match="have been counted"):
        actions.count(cohort=cohort, left=2, people=8, by=parent)


def test_invented_answers_under_cards_of_their_own_stay_out(browser_of, lead, cohort, answered, codes, use, now):
    """One parent answered; a facilitator took five cards, and all six were used before and after."""
    afterwards(cohort, use, codes[:6])
    sheet = counted_out(cohort, left=4, people=1)
    assert sheet.adds_up is False and collect.whole(cohort, now).domains[0].pairs == 0
    for name in ("figures", "waves"):
        told = browser_of(lead).get(reverse(f"evaluation:{name}", args=[cohort.code])).text
        assert (
            "The cards of this group did not add up" in told
            and "6 people answered" not in told
            and "cards used" not in told
        )


@pytest.mark.parametrize(
    ("left", "people", "adds_up"),
    [(2, 8, True), (4, 6, True), (5, 8, False), (2, 7, False)],
    ids=["all drew", "six drew", "more used than drawn", "more drawn than people"],
)
def test_used_drawn_and_people_go_together(cohort, answered, left, people, adds_up):
    assert counted_out(cohort, left=left, people=people).adds_up is adds_up


def test_more_used_than_people_ever_had_a_place_does_not_add_up(cohort, places, answered):
    Place.objects.filter(pk__in=[place.pk for place in places[:3]]).update(state="offered", taken_on=None)
    assert counted_out(cohort, left=2, people=8).adds_up is False


def test_a_card_that_was_left_over_counts_in_no_later_round(cohort, answered, codes, use, now):
    counted_out(cohort)
    afterwards(cohort, use, codes)
    after = Response.objects.filter(wave__point="after")
    assert {row.pseudonym for row in after} == {pseudonym_of(code) for code in codes[:6]}
    assert Submission.objects.count() == 12
    assert {(one.pairs, one.after_only) for one in collect.whole(cohort, now).domains} == {(6, 0)}


def test_nor_where_the_later_round_closes_first(before, cohort, codes, use):
    for code in codes[:5]:
        use(before, code, 1)
    afterwards(cohort, use, codes)
    assert Response.objects.filter(wave__point="after").count() == 5


def test_a_report_over_many_groups_waits_for_the_count_too(cohort, answered, codes, use, now):
    afterwards(cohort, use, codes[:6])

    def by_card() -> int:
        return sum(len(rows.cards) for _group, rows in Reader(now).read([cohort.pk]))

    assert by_card() == 0
    counted_out(cohort)
    assert by_card() == 6


# --- When it is not the time, and who may -------------------------------------------------------------------


def test_not_before_the_first_questions_have_closed(browser_of, lead, before, url):
    assert "when the first questions have closed" in browser_of(lead).get(url).text
    assert browser_of(lead).post(url, {"left": "2", "people": "8"}).status_code == 422
    assert not CardCount.objects.exists()


@pytest.mark.parametrize("left", ["", "x", "-1", "11"])
def test_what_cannot_be_is_said_and_kept(browser_of, lead, answered, url, left):
    page = browser_of(lead).post(url, {"left": left, "people": "8"})
    assert page.status_code == 422 and "<title>Error: " in page.text and 'value="8"' in page.text
    assert not CardCount.objects.exists()


def test_who_may(browser_of, stranger, lead, other_facilitator, manager, administrator, evaluator, answered, url):
    assert stranger.get(url).url.startswith(reverse("account_login"))
    assert browser_of(other_facilitator).get(url).status_code == 404
    for user in (manager, administrator, evaluator):
        assert browser_of(user).get(url).status_code == 403
    assert browser_of(lead).delete(url).status_code == 405


def test_what_is_to_be_counted_stands_on_the_pages_of_those_who_count(
    browser_of, parent, administrator, lead, cohort, answered, url
):
    waves, slips = reverse("evaluation:waves", args=[cohort.code]), reverse("feedback:slips")
    assert url in browser_of(lead).get(waves).text and url in browser_of(parent).get(slips).text
    assert url not in browser_of(administrator).get(slips).text
    counted_out(cohort)
    assert url not in browser_of(lead).get(waves).text and url not in browser_of(parent).get(slips).text


def test_few_are_said_to_be_few(browser_of, lead, cohort, before, codes, use, held):
    for code in codes[:4]:
        use(before, code, 1)
    rounds.close_wave(wave=before, by=None)
    counted_out(cohort)
    told = browser_of(lead).get(reverse("evaluation:figures", args=[cohort.code])).text
    assert "Fewer than 5 of 10 cards used, 2 made void." in told
