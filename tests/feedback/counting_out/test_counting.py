"""Two people count the slips that were left, each by themselves. Then the box is opened, or waits."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.counting_out.actions import Counted
from feedback.models import Answer, Form, SlipCount, Submission, Way
from feedback.paper import actions as paper
from feedback.slips.queries import sheet_of, with_slip
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from sessions_app.register import actions as register
from tests.factories import PlaceFactory
from tests.feedback.factories import answered, by_link, came, closed, drawn, opened_form, printed
from tests.feedback.paper.typed_in import typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    """Eight people drew one of ten slips, six of them answered, the form has closed."""
    form = opened_form(cohort)
    printed(form, made=10)
    answered(form, 6)
    came(form, 8)
    return asking.close_form(form=form, by=None)


def url_of(form: Form) -> str:
    return reverse("feedback:count", args=[form.code])


def test_two_who_agree_open_the_box(browser_of, facilitator, parent, form):
    for user in (facilitator, parent):
        assert not Submission.objects.exists()
        assert browser_of(user).post(url_of(form), {"left": "2", "people": "8"}).url == url_of(form)
    assert Submission.objects.count() == 6
    sheet = sheet_of(form)
    assert (sheet.left, sheet.people, sheet.adds_up, sheet.used) == (2, 8, True, 6)
    told = browser_of(facilitator).get(reverse("feedback:session", args=[form.session.code])).text
    assert "6 of 10 slips used, 2 made void." in told and "6 people answered." in told
    entries = AuditEntry.objects.filter(what="slipsheet", verb="changed")
    assert [(entry.user, entry.fields) for entry in entries] == [(parent, ["count"]), (facilitator, ["count"])]


def test_nobody_sees_what_the_other_counted(browser_of, lead, parent, form):
    browser_of(parent).post(url_of(form), {"left": "7", "people": "93"})
    page = browser_of(lead).get(url_of(form)).text
    told = " ".join(re.findall(r">([^<]*)<", page))  # addresses and keys have numbers of their own
    assert "Pat Parent has counted." in told and "93" not in told and 'value="93"' not in page
    assert 'value="93"' in browser_of(parent).get(url_of(form)).text


def test_one_person_counting_twice_puts_it_right_and_opens_nothing(browser_of, lead, form):
    for left in ("1", "2"):
        browser_of(lead).post(url_of(form), {"left": left, "people": "8"})
    assert SlipCount.objects.get().left == 2 and not Submission.objects.exists()
    assert "You have counted. A second person is still to count." in browser_of(lead).get(url_of(form)).text


def test_where_they_differ_both_count_once_more(browser_of, lead, parent, form):
    browser_of(lead).post(url_of(form), {"left": "2", "people": "8"})
    page = browser_of(parent).post(url_of(form), {"left": "3", "people": "8"}, follow=True).text
    assert "The two counts are not the same" in page and 'value="3"' not in page
    assert Form.objects.get(pk=form.pk).state(form.closed_at) == Form.State.COUNTING
    for user in (lead, parent):
        assert "their numbers are not the same" in browser_of(user).get(url_of(form)).text
    for user in (lead, parent):
        browser_of(user).post(url_of(form), {"left": "2", "people": "8"})
    assert Submission.objects.count() == 6


def test_where_they_differed_nobody_types_what_the_other_did_and_neither_count_is_left(lead, parent, form):
    counting.count(form=form, left=2, people=8, by=lead)
    assert counting.count(form=form, left=3, people=8, by=parent) == Counted.DIFFERENT
    assert counting.count(form=form, left=2, people=8, by=parent) == Counted.ONCE
    assert counting.count(form=form, left=1, people=8, by=lead) == Counted.DIFFERENT
    assert not Submission.objects.exists()


def test_while_two_counts_differ_a_slip_that_was_left_over_is_still_void(lead, parent, facilitator, form):
    counting.count(form=form, left=2, people=8, by=lead)
    counting.count(form=form, left=3, people=8, by=parent)
    pile = paper.begin_pile(form=form, sheets=1, by=facilitator)
    typed(pile, {"today": 1, "+slip": drawn(form)})
    paper.send_pile(pile=pile, chosen={})
    assert with_slip(form) == 6


def test_agreed_it_is_final(lead, facilitator, parent, form):
    for by in (lead, facilitator):
        counting.count(form=form, left=2, people=8, by=by)
    with pytest.raises(Refused, match="have been counted"):
        counting.count(form=form, left=2, people=9, by=parent)


def test_four_invented_sheets_and_one_parent_stay_shut(lead, facilitator, cohort):
    """Somebody who reads the answers takes four slips: more are drawn than there were people."""
    form = opened_form(cohort)
    printed(form, made=10)
    answered(form, 5)
    came(form, 1)
    asking.close_form(form=form, by=None)
    for by in (lead, facilitator):
        counting.count(form=form, left=5, people=1, by=by)
    form.refresh_from_db()
    assert sheet_of(form).adds_up is False and not Submission.objects.exists()
    assert form.state(form.closed_at) == Form.State.WAITING


def test_invented_sheets_on_paper_do_not_bring_one_question_to_the_least_number(browser_of, lead, facilitator, cohort):
    """Five used their slips and one of them answered about the time; four sheets without a slip answer it as well."""
    form = opened_form(cohort)
    answered(form, {"today": 4, "time": 0}, *[{"today": 3}] * 4)
    pile = paper.begin_pile(form=form, sheets=4, by=facilitator)
    typed(pile, *[{"today": 1, "time": 2, "different": "My own words"}] * 4)
    paper.send_pile(pile=pile, chosen={})
    closed(form)
    shown = browser_of(lead).get(reverse("feedback:session", args=[form.session.code])).text
    assert "9 people answered." in shown and "5 of 80 slips used" in shown and shown.count("My own words") == 4
    assert not Answer.objects.filter(question__slug="time").exists()
    assert Answer.objects.filter(question__slug="today").count() == 9


@pytest.mark.parametrize(("left", "people"), [(5, 8), (2, 7)])
def test_numbers_that_do_not_go_together_wait_for_the_next_session(browser_of, lead, facilitator, form, left, people):
    for by in (lead, facilitator):
        counting.count(form=form, left=left, people=people, by=by)
    page = reverse("feedback:session", args=[form.session.code])
    assert "The slips of this session did not add up" in browser_of(lead).get(page).text
    assert not Submission.objects.exists()
    later = opened_form(form.cohort, number=9)
    answered(later, 4)
    closed(later)
    assert not Submission.objects.exists(), "its six count for nothing"
    last = opened_form(form.cohort, number=10)
    answered(last, 1)
    closed(last)
    assert Submission.objects.count() == 11
    assert "Sessions" in browser_of(lead).get(page).text


def test_more_used_than_the_register_knows_of_does_not_add_up(cohort, lead, facilitator):
    form = opened_form(cohort)
    answered(form, 6)
    came(form, 5)
    asking.close_form(form=form, by=None)
    for by in (lead, facilitator):
        counting.count(form=form, left=74, people=6, by=by)
    assert sheet_of(form).adds_up is False


def test_a_form_whose_slips_nobody_counted_waits_and_is_opened_when_they_are(cohort, form, lead, facilitator):
    later = opened_form(cohort, number=9)
    answered(later, 5)
    closed(later)
    assert Submission.objects.count() == 5 and Form.objects.get(pk=form.pk).opened_with is None
    for by in (lead, facilitator):
        counting.count(form=form, left=2, people=8, by=by)
    assert Submission.objects.count() == 11 and Form.objects.get(pk=form.pk).opened_with == form


# --- When it is not the time -------------------------------------------------------------------------------


def test_not_before_the_form_has_closed(browser_of, lead, cohort):
    form = opened_form(cohort)
    page = browser_of(lead).get(url_of(form)).text
    assert "counted when the form has closed" in page and "It closes by itself on" in page
    assert browser_of(lead).post(url_of(form), {"left": "2", "people": "8"}).status_code == 422
    assert not SlipCount.objects.exists()


def test_not_before_the_register_is_ticked(browser_of, lead, cohort):
    form = opened_form(cohort)
    register.mark(session=form.session, place=PlaceFactory(cohort=cohort), state="apologies", key="one", by=lead)
    asking.close_form(form=form, by=None)
    page = browser_of(lead).get(url_of(form)).text
    assert "Tick the register" in page and reverse("sessions:register", args=[form.session.code]) in page


def test_without_slips_there_is_nothing_to_count_and_paper_goes_with_the_next(browser_of, lead, cohort):
    form = opened_form(cohort)
    sheet_of(form).delete()
    asking.close_form(form=form, by=None)
    assert "No slips were printed" in browser_of(lead).get(url_of(form)).text
    page = browser_of(lead).get(reverse("feedback:session", args=[form.session.code])).text
    assert "No slips were printed, so nobody could answer online." in page


@pytest.mark.parametrize("left", ["", "x", "-1", "11"])
def test_what_cannot_be_is_said_and_kept(browser_of, lead, form, left):
    page = browser_of(lead).post(url_of(form), {"left": left, "people": "8"})
    assert page.status_code == 422 and "<title>Error: " in page.text and 'value="8"' in page.text
    assert not SlipCount.objects.exists()


def test_who_may(browser_of, stranger, other_facilitator, manager, administrator, evaluator, form, cohort):
    url = url_of(form)
    assert stranger.get(url).url.startswith(reverse("account_login"))
    assert browser_of(other_facilitator).get(url).status_code == 404
    for user in (manager, administrator, evaluator):
        assert browser_of(user).get(url).status_code == 403
    assert browser_of(cohort.team.first().user).delete(url).status_code == 405


def test_a_parent_counts_and_is_told_no_result(browser_of, parent, lead, form):
    counting.count(form=form, left=2, people=8, by=lead)
    shown = browser_of(parent).post(url_of(form), {"left": "2", "people": "8"}, follow=True).text
    assert "Both counts are the same" in shown and "6 " not in shown.split("<main")[1].split("</main>")[0]


def test_a_form_by_link_has_nothing_to_count(browser_of, lead, cohort):
    assert browser_of(lead).get(url_of(opened_form(by_link(cohort)))).status_code == 404


def test_what_is_to_be_counted_stands_on_the_parents_page(browser_of, parent, lead, facilitator, form):
    page = reverse("feedback:slips")
    assert url_of(form) in browser_of(parent).get(page).text
    for by in (lead, facilitator):
        counting.count(form=form, left=2, people=8, by=by)
    assert url_of(form) not in browser_of(parent).get(page).text


# --- On paper ----------------------------------------------------------------------------------------------


def test_of_a_question_that_few_answered_by_themselves_the_paper_ones_are_left_out_too(cohort):
    """Whoever typed in the four on paper would know the fifth."""
    form = opened_form(cohort)
    answered(form, {"today": 4, "time": 0}, *[{"today": 3}] * 4)
    answered(form, *[{"today": 2, "time": 1}] * 4, way=Way.PAPER)
    closed(form)
    assert Answer.objects.filter(question__slug="today").count() == 9
    assert not Answer.objects.filter(question__slug="time").exists()


def test_four_on_paper_and_one_on_a_phone_wait(cohort):
    form = opened_form(cohort)
    answered(form, 4, way=Way.PAPER)
    answered(form, 1)
    closed(form)
    assert not Submission.objects.exists()
    later = opened_form(cohort, number=9)
    answered(later, 4)
    closed(later)
    assert Submission.objects.count() == 9
