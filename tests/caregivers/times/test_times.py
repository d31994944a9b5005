"""Proposing times, answering by link or by staff, and the result (P4)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import PersonalLink, Place, Slot, SlotAnswer
from caregivers.times import actions
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots(cohort, lead):
    return actions.propose(cohort=cohort, weekdays=[1, 3], starts=[time(18)], by=lead)


@pytest.fixture
def ann(cohort):
    return CaregiverFactory(cohort=cohort, name="Ann Amber")


@pytest.fixture
def link(cohort, ann):
    _link, token = PersonalLink.objects.issue(
        caregiver=ann, cohort=cohort, purpose="times", expires_at=timezone.now() + timedelta(days=9)
    )
    return reverse("times", args=[token])


def says(slots, *cans):
    return {f"can_{slot.code}": can for slot, can in zip(slots, cans, strict=True)}


def page_of(cohort):
    return reverse("caregivers:times", args=[cohort.code])


# --- Proposing --------------------------------------------------------------------------------------------


def test_a_facilitator_proposes_several_days_at_several_times_in_one_go(browser_of, facilitator, cohort):
    typed = {"weekdays": ["1", "3"], "starts": "6pm", "starts2": "10:00"}
    answer = browser_of(facilitator).post(page_of(cohort), typed, follow=True)
    assert "4 times are added." in answer.content.decode()
    assert [str(slot) for slot in cohort.slots.all()] == [
        "Tuesday 10am", "Tuesday 6pm", "Thursday 10am", "Thursday 6pm",
    ]  # fmt: skip
    assert AuditEntry.objects.filter(what="slot", verb="created", user=facilitator).count() == 4


def test_sent_twice_each_time_is_there_once(browser_of, lead, cohort):
    for _ in range(2):
        answer = browser_of(lead).post(page_of(cohort), {"weekdays": ["1"], "starts": "6pm"}, follow=True)
    assert cohort.slots.count() == 1
    assert "were there already" in answer.content.decode()


def test_what_was_typed_is_kept_and_what_is_wrong_is_said(browser_of, lead, cohort):
    answer = browser_of(lead).post(page_of(cohort), {"starts": "half past"})
    said = answer.content.decode()
    assert answer.status_code == 422 and 'value="half past"' in said
    assert "Choose one day or more" in said and "must be a time" in said


def test_there_are_never_more_than_can_be_read(cohort, lead):
    actions.propose(cohort=cohort, weekdays=range(5), starts=[time(9), time(12), time(15), time(18)], by=lead)
    with pytest.raises(Refused, match="20 times"):
        actions.propose(cohort=cohort, weekdays=[5], starts=[time(9)], by=lead)


def test_a_time_without_answers_goes_by_one_press(browser_of, lead, cohort, slots):
    browser_of(lead).post(reverse("caregivers:slot_remove", args=[slots[0].code]))
    assert list(cohort.slots.all()) == [slots[1]]


def test_a_time_with_answers_goes_only_when_they_are_sure(browser_of, lead, cohort, slots, ann):
    actions.answer(cohort=cohort, caregiver=ann, answers={slots[0].code: "yes"}, how="spoken", by=lead)
    url = reverse("caregivers:slot_remove", args=[slots[0].code])
    browser = browser_of(lead)
    assert browser.post(url).status_code == 409 and cohort.slots.count() == 2
    assert "1 person has answered about it" in browser.get(url).content.decode()
    browser.post(url, {"sure": "yes"})
    assert cohort.slots.count() == 1 and not SlotAnswer.objects.exists()


def test_the_chosen_time_stays(cohort, lead, slots):
    Slot.objects.filter(pk=slots[0].pk).update(chosen_at=timezone.now())
    with pytest.raises(Refused, match="Choose another"):
        actions.remove(slot=slots[0], by=lead, sure=True)


# --- The caregiver's page ---------------------------------------------------------------------------------


def test_they_answer_by_their_own_link_and_can_change_it(stranger, link, slots, ann):
    assert "Tuesday at 6pm" in stranger.get(link).content.decode()
    answer = stranger.post(link, says(slots, "yes", "no"), follow=True)
    assert "We have your answer" in answer.content.decode()
    stranger.post(link, says(slots, "maybe", "no"))
    stranger.post(link, says(slots, "maybe", "no"))
    assert sorted(ann.slot_answers.values_list("can", "how", "recorded_by")) == [
        ("maybe", "online", None),
        ("no", "online", None),
    ]
    assert AuditEntry.objects.filter(person=ann.code, fields=["times"], user=None).count() == 3


def test_each_time_needs_an_answer_and_what_was_chosen_stays(stranger, link, slots, ann):
    answer = stranger.post(link, says(slots, "yes", "")).content.decode()
    assert "Say whether you can come on Thursday at 6pm" in answer and answer.count(" checked") == 1
    assert not ann.slot_answers.exists()
    assert stranger.post(link, says(slots, "yes", "perhaps")).status_code == 422


def test_the_page_is_neutral_and_names_nobody(stranger, link, slots, cohort):
    said = stranger.get(link).content.decode()
    assert "<title>Days and times" in said
    for word in ("Ann", "Amber", "parent", "child", "police", cohort.name, cohort.venue):
        assert word not in said.replace("-child", ""), word


def test_once_the_time_is_chosen_the_page_says_it_and_takes_no_answer(stranger, link, slots, ann):
    Slot.objects.filter(pk=slots[1].pk).update(chosen_at=timezone.now())
    answer = stranger.post(link, says(slots, "yes", "no")).content.decode()
    assert "Thursday at 6pm" in answer and "<form" not in answer.split("<main")[1].split("</main")[0]
    assert not ann.slot_answers.exists()
    with pytest.raises(actions.TimeChosen):
        actions.answer(cohort=slots[0].cohort, caregiver=ann, answers={slots[0].code: "yes"}, how="online")


@pytest.mark.parametrize("how", ["unknown", "expired", "revoked", "another purpose", "left"])
def test_a_link_that_does_not_work_is_the_same_page_as_all_others(stranger, link, slots, ann, cohort, how):
    change = {
        "expired": {"expires_at": timezone.now()},
        "revoked": {"revoked_at": timezone.now()},
        "another purpose": {"purpose": "own page"},
    }
    PersonalLink.objects.filter(caregiver=ann).update(**change.get(how, {"purpose": "times"}))
    if how == "left":
        Place.objects.create(cohort=cohort, caregiver=ann, state="left", left_on=timezone.localdate())
    answer = stranger.get(reverse("times", args=["A" * 22]) if how == "unknown" else link)
    assert answer.status_code == 404 and "This link does not work" in answer.content.decode()


def test_two_slots_cannot_be_answered_with_a_slot_of_another_group(other_cohort, cohort, lead, ann, slots):
    [foreign] = actions.propose(cohort=other_cohort, weekdays=[2], starts=[time(9)], by=lead)
    actions.answer(cohort=cohort, caregiver=ann, answers={foreign.code: "yes", slots[0].code: "yes"}, how="online")
    assert [answer.slot for answer in ann.slot_answers.all()] == [slots[0]]


# --- By phone ---------------------------------------------------------------------------------------------


def test_staff_write_down_what_was_said_on_the_phone(browser_of, facilitator, cohort, slots, ann):
    url = reverse("caregivers:times_for", args=[ann.referrals.get().code])
    browser = browser_of(facilitator)
    assert "01632 960001" in browser.get(url).content.decode()
    assert browser.post(url, {"how": "spoken"}).status_code == 422
    browser.post(url, {"how": "spoken", **says(slots, "yes", "")})
    answer = ann.slot_answers.get()
    assert (answer.slot, answer.can, answer.how, answer.recorded_by) == (slots[0], "yes", "spoken", facilitator)


def test_a_number_that_is_not_safe_to_ring_is_not_shown(browser_of, lead, cohort, slots, ann):
    ann.registered_at, ann.registered_how, ann.safe_ways = timezone.now(), "online", ["email"]
    ann.save()
    said = browser_of(lead).get(reverse("caregivers:times_for", args=[ann.referrals.get().code])).content.decode()
    assert "01632 960001" not in said and "A phone call is not safe" in said


# --- The result -------------------------------------------------------------------------------------------


def test_the_result_says_who_can_and_who_cannot_best_first(browser_of, lead, cohort, slots, ann):
    bea, cy, left = (CaregiverFactory(cohort=cohort, name=name) for name in ("Bea Blue", "Cy Clay", "Dee Dun"))
    PlaceFactory(cohort=cohort, caregiver=left, state="left", seat=None, taken_on=None, left_on=timezone.localdate())
    for person, cans in ((ann, ("no", "yes")), (bea, ("yes", "yes")), (cy, ("yes", "maybe")), (left, ("yes", "yes"))):
        answers = dict(zip((slot.code for slot in slots), cans, strict=True))
        actions.answer(cohort=cohort, caregiver=person, answers=answers, how="spoken", by=lead)
    said = browser_of(lead).get(page_of(cohort)).content.decode()
    assert "2 of 3 can; 1 if need be: Cy" in said and "2 of 3 can; 1 cannot: Ann" in said
    assert said.index("Thursday at 6pm") < said.index("Tuesday at 6pm")  # alike in yes: fewer cannot
    assert said.count("Suits most") == 1 and "Dee" not in said


def test_a_parent_with_lived_experience_and_a_foreign_facilitator_see_none_of_it(
    browser_of, parent, other_facilitator, cohort
):
    assert browser_of(parent).get(page_of(cohort)).status_code == 403
    assert browser_of(other_facilitator).get(page_of(cohort)).status_code == 404
