"""Figures from answers by card, taking them out, the printed sheet, and the choice of cards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.cards import actions as cards_actions
from evaluation.cards.queries import pseudonym_of
from evaluation.collecting import collect
from evaluation.models import Report, Response
from evaluation.reports import actions as reports
from evaluation.rounds import actions as rounds
from feedback.answering.forms import new_nonce
from feedback.models import SealedAnswer, Submission
from ppg.access.refusals import Refused
from ppg.links import typed_codes as cards
from tests.evaluation.carded import page
from tests.evaluation.cards_counted import counted_out
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db


# --- Figures ----------------------------------------------------------------------------------------------


def test_one_cards_answers_before_and_after_are_a_pair(both, cohort):
    for domain in collect.shown(cohort, timezone.now()).domains:
        assert (domain.pairs, domain.before_only, domain.after_only) == (7, 1, 0)
        assert domain.pairs + domain.before_only + domain.after_only + domain.neither == domain.of == 8
    wellbeing = collect.shown(cohort, timezone.now()).domains[0]
    assert (wellbeing.change.better, wellbeing.change.worse, wellbeing.at_start) == (7, 0, None)


def test_a_round_that_few_answered_is_in_no_figure_not_even_as_a_count(held, codes, before, cohort, use):
    after = rounds.open_wave(cohort=cohort, point="after", by=None)
    for k, code in enumerate(codes[:8]):
        use(before, code, 1)
        if k < 4:
            use(after, code, 3)
    for wave in (before, after):
        rounds.close_wave(wave=wave, by=None)
    counted_out(cohort)
    for domain in collect.shown(cohort, timezone.now()).domains:
        assert (domain.pairs, domain.before_only, domain.after_only, domain.neither) == (0, 8, 0, 0)


def test_consents_do_not_reach_answers_by_card(both, cohort, places):
    from caregivers.consents.actions import withdraw

    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    assert collect.whole(cohort, timezone.now()).domains[0].pairs == 7


# --- Taken out --------------------------------------------------------------------------------------------


def test_taking_out_deletes_the_answers_and_gives_a_receipt(stranger, both, codes, cohort):
    sheets = Submission.objects.count()
    for _ in range(2):
        receipt = stranger.post(reverse("card_withdraw"), {"code": cards.printed(codes[0])})
        assert receipt.status_code == 200 and "Your answers are out" in receipt.text
    assert Submission.objects.count() == sheets - 2 and Response.objects.count() == 13
    assert collect.whole(cohort, timezone.now()).domains[0].pairs == 6
    assert "This card has been taken out" in stranger.get(page(codes[0])).text


def test_what_was_shown_and_would_differ_by_this_card_is_held_back(both, codes, cohort):
    assert collect.shown(cohort, timezone.now()).domains[0].change
    cards_actions.withdraw_card(code=codes[0])
    assert {(one.held, one.change) for one in collect.shown(cohort, timezone.now()).domains} == {("differs", None)}
    assert Report.objects.get(cohort=cohort).told_before[0]["wellbeing"] == 7


def test_a_card_without_a_pair_holds_nothing_back(both, codes, cohort):
    cards_actions.withdraw_card(code=codes[7])
    assert collect.shown(cohort, timezone.now()).domains[0].change


def test_published_versions_are_marked_and_named_on_the_receipt(
    stranger, both, codes, report, lead, django_capture_on_commit_callbacks
):
    version = reports.publish(cohort=report.cohort, by=lead)
    receipt = stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    version.refresh_from_db()
    assert version.superseded_at and "A report that came out on" in receipt.text


def test_while_the_round_is_open_the_envelope_goes(before, codes, use):
    for code in codes[:3]:
        use(before, code, 2)
    cards_actions.withdraw_card(code=codes[1])
    assert SealedAnswer.objects.count() == 2
    with pytest.raises(Refused):
        use(before, codes[1], 3)
    rounds.close_wave(wave=before, by=None)
    assert {row.pseudonym for row in Response.objects.all()} == {pseudonym_of(codes[0]), pseudonym_of(codes[2])}


def test_a_wrong_code_takes_nothing_out(stranger, both, codes):
    answer = stranger.post(reverse("card_withdraw"), {"code": codes[0][::-1]})
    assert answer.status_code == 422 and "That is not a card of ours" in answer.text
    assert Response.objects.count() == 15


# --- The sheet --------------------------------------------------------------------------------------------


def test_a_real_sheet_is_a_tagged_pdf(codes):
    import io

    import pikepdf

    from evaluation.cards import sheet

    with pikepdf.open(io.BytesIO(sheet.pdf(codes[:9], "https://x.example"))) as pdf:
        assert len(pdf.pages) == 2 and pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == "en-gb"
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()


# --- The choice -------------------------------------------------------------------------------------------


def test_the_lead_chooses_until_the_first_round_is_open(browser_of, lead, facilitator, other_facilitator, cohort):
    url = reverse("evaluation:plan", args=[cohort.code])
    choice = {"mode": "coded", "measure": "before-and-after"}
    assert browser_of(lead).get(url).status_code == 200
    assert browser_of(lead).post(url, {"mode": "loudly"}).status_code == 422
    assert browser_of(facilitator).get(url).status_code == 403
    assert browser_of(other_facilitator).get(url).status_code == 403
    assert browser_of(lead).post(url, choice).status_code == 302
    assert cohort.evaluation_plan.mode == "coded"
    rounds.open_wave(cohort=cohort, point="before", by=lead)
    assert "cannot be changed any more" in browser_of(lead).get(url).text
    assert browser_of(lead).post(url, choice | {"mode": "confidential"}).status_code == 409


def test_three_months_later_all_cards_are_asked(both, codes, cohort, lead, use):
    day = timezone.now() + timedelta(days=91)
    with pytest.raises(Refused, match="three months after"):
        rounds.open_wave(cohort=cohort, point="later", by=lead)
    wave = rounds.open_wave(cohort=cohort, point="later", by=lead, at=day)
    cards_actions.receive_by_card(wave=wave, code=codes[0], answers=answers(3), nonce=new_nonce(), at=day)
    rounds.close_wave(wave=wave, by=None, at=day)
    assert [row.pseudonym for row in wave.responses.all()] == [pseudonym_of(codes[0])]
