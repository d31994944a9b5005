"""A sheet on which nothing is seen is no answer: it is refused before it is sealed, on whichever way it comes, and does
not count towards the least number."""

from __future__ import annotations

import pytest
from django.urls import reverse

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.models import Form, SealedAnswer, SpentNonce, Submission
from feedback.paper import actions as paper
from feedback.paper.piles import differences
from feedback.slips.queries import box_of
from feedback.suggestions import actions as suggestions
from ppg.access.refusals import Refused
from tests.feedback.factories import answered, by_link, by_slip, came, closed, drawn, opened_form
from tests.feedback.paper.typed_in import in_box, typed, url
from tests.feedback.tablet.test_tablet import at, sheet_of, with_slip

pytestmark = pytest.mark.django_db

UNSEEN = ["\u200b", "\u202e\u2069", "\ufffc", "\u3164\u2800", "\U000e0002", " \u00a0\n"]
NOTHING = "Answer at least one question before you send."


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


@pytest.mark.parametrize("words", UNSEEN)
def test_online_it_is_refused_and_the_slip_stays_good(stranger, form, words):
    slip = by_slip(form)
    page = stranger.post(slip, {"q-different": words, "quote-different": "on"})
    assert page.status_code == 422 and NOTHING in page.text
    assert not SealedAnswer.objects.exists() and not SpentNonce.objects.exists()
    assert stranger.post(slip, {"q-different": f"{words}Tea{words}"}).status_code == 302
    assert in_box(form) == [{"different": "Tea"}]


def test_on_the_tablet_it_is_refused(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), different="\u200b\ufffc")
    page = stranger.post(at("tablet_sheet", form) + where, with_slip(sheet, form))
    assert page.status_code == 422 and NOTHING in page.text and not SealedAnswer.objects.exists()


def test_typed_in_from_paper_it_is_refused(browser_of, facilitator, form):
    pile = paper.begin_pile(form=form, sheets=1, by=facilitator)
    page = browser_of(facilitator).post(url("pile", pile), {"number": "1", "q-different": "\u200b", "again": ""})
    assert page.status_code == 422 and "Nothing is chosen" in page.text


def test_whatever_brought_it_into_a_pile_it_does_not_reach_the_box(facilitator, form):
    pile = paper.begin_pile(form=form, sheets=2, by=facilitator)
    typed(pile, {"different": "\ufffc", "+slip": drawn(form)}, {"today": 3, "different": "\u200b"})
    paper.send_pile(pile=pile, chosen={})
    assert in_box(form) == [{"today": 3}] and not SpentNonce.objects.exists()


@pytest.mark.parametrize("answers", [{}, {"different": "\u200b"}, {"different": {"text": "\ufffc", "may_quote": True}}])
def test_no_way_at_all_seals_it(form, answers):
    with pytest.raises(Refused, match="at least one question"):
        answering.receive(form=form, answers=answers, nonce=new_nonce(), slip=drawn(form))
    assert not SealedAnswer.objects.exists() and not SpentNonce.objects.exists()


def test_five_of_which_one_shows_nothing_are_four(cohort, lead):
    """Sealed by a version that did not look."""
    first, second = (opened_form(by_link(cohort)) for _ in range(2))
    for form, sheets in ((first, 2), (second, 2)):
        answered(form, sheets)
        came(form, 3)
    blank: sealing.Payload = {"way": "online", "answers": {"different": "\u200b"}}
    sealing.seal(second, blank).save(force_insert=True)
    assert [box_of(form).sheets for form in (first, second)] == [2, 2]
    for form in (first, second):
        closed(form, by=lead)
    assert not Submission.objects.exists()


def test_a_suggestion_of_them_is_none(stranger, cohort, lead):
    box = suggestions.open_box(cohort=cohort, by=lead)
    page = stranger.post(reverse("box", args=[box.code]), {"q-suggestion": "\u200b\ufffc", "q-name": "Rosa"})
    assert page.status_code == 422 and not SealedAnswer.objects.exists()


def test_two_typings_differ_only_where_it_is_seen(form):
    questions = list(form.questionnaire.questions.all())
    first = [{"different": "We couldn’t hear –  too loud"}]
    assert not differences({}, questions, first, [{"different": "We couldn't hear - too\nloud"}])
    assert differences({}, questions, first, [{"different": "We could hear - too loud"}])
    assert differences({}, questions, [{"different": "us"}], [{"different": "US"}])
