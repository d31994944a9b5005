"""Everything is handed over at once, or nothing is: whatever came, went or was blocked meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp
from caregivers.referrals.actions import name_owner
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.models import AuditEntry
from programmes.checklist import actions as checklist
from programmes.checklist.lines import lines
from programmes.team import actions as team
from tests.factories import (
    CohortFactory,
)
from tests.ppg.accounts.leaving.open_things import call_in, jobs, key_of, name_of, page_of

pytestmark = pytest.mark.django_db


def test_it_is_all_or_nothing(administrator, facilitator, lead, cohort, tasks, new_facilitator, monkeypatch):
    second = CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    with pytest.raises(Refused, match="Choose who goes on with “Ipswich autumn: Facilitator”"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): new_facilitator}, by=administrator)
    leave, left = team.leave, []

    def leave_once(**kwargs):
        if left:
            raise ZeroDivisionError
        left.append(leave(**kwargs))

    monkeypatch.setattr(team, "leave", leave_once)
    choices = dict.fromkeys([key_of(cohort), key_of(second)], new_facilitator)
    with pytest.raises(ZeroDivisionError):
        leaving.hand_over(user=facilitator, choices=choices, by=administrator)
    assert "Femi Facilitator" in jobs(cohort) and "Nat Newfacilitator" not in jobs(cohort)
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator
    assert not AuditEntry.objects.filter(user=administrator).exists()


def test_all_that_is_missing_is_named_at_once(administrator, facilitator, lead, cohort):
    CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    assert leaving.why_not(facilitator) == [
        "Choose who goes on with “Ipswich spring: Facilitator”.",
        "Choose who goes on with “Ipswich autumn: Facilitator”.",
    ]
    with pytest.raises(Refused, match=r"Ipswich spring.*Ipswich autumn"):
        leaving.hand_over(user=facilitator, choices={}, by=administrator)


def test_who_was_blocked_meanwhile_cannot_take_it(administrator, facilitator, cohort, tasks, new_facilitator):
    chosen = {key_of(cohort): new_facilitator}
    type(new_facilitator).objects.filter(pk=new_facilitator.pk).update(is_active=False)
    with pytest.raises(Refused, match="Nat Newfacilitator may not sign in any more"):
        leaving.hand_over(user=facilitator, choices=chosen, by=administrator)
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator


def test_nobody_hands_over_to_themselves(administrator, facilitator, cohort):
    with pytest.raises(Refused, match="Femi Facilitator cannot go on"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): facilitator}, by=administrator)


def test_a_task_that_came_after_the_page_was_opened_goes_along(
    browser_of, administrator, facilitator, lead, cohort, tasks
):
    browser = browser_of(administrator)
    browser.get(page_of(facilitator))
    late = call_in(cohort, facilitator)
    assert browser.post(page_of(facilitator), {name_of(cohort): lead.code}).status_code == 302
    assert FollowUp.objects.get(pk=late.pk).owner == lead
    assert leaving.holdings(facilitator) == []


def test_a_group_that_came_after_the_page_was_opened_is_asked_for(browser_of, administrator, facilitator, lead, cohort):
    CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): lead.code})
    assert answer.status_code == 422
    assert "Choose who goes on with “Ipswich autumn: Facilitator”." in answer.text
    assert f'<option value="{lead.code}" selected>' in answer.text
    assert "Femi Facilitator" in jobs(cohort)


def test_what_comes_in_the_very_moment_stops_it(administrator, facilitator, lead, cohort, monkeypatch):
    leave = team.leave

    def leave_and_meanwhile(**kwargs):
        leave(**kwargs)
        call_in(cohort, facilitator)

    monkeypatch.setattr(team, "leave", leave_and_meanwhile)
    with pytest.raises(Refused, match="Something has come to Femi Facilitator meanwhile"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    assert "Femi Facilitator" in jobs(cohort)


def test_pressed_twice_nothing_more_happens(browser_of, administrator, facilitator, lead, cohort, tasks):
    for words in ("1 thing is handed over.", "They have nothing open."):
        answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): lead.code}, follow=True)
        assert words in answer.text
    assert AuditEntry.objects.filter(fields=["left_on", "team"]).count() == 1


def test_somebody_blocked_already_is_handed_over_too(administrator, facilitator, lead, cohort, tasks):
    facilitator.is_active = False
    facilitator.save()
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    assert leaving.holdings(facilitator) == []


def test_nothing_new_comes_to_somebody_who_is_not_in_the_team(administrator, facilitator, lead, cohort, tasks):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    line = lines["group-advertised"]
    theirs = {"owner": facilitator, "by": lead}
    for give in (
        lambda: follow_ups.plan(follow_up=tasks["call"], due_on=None, **theirs),
        lambda: follow_ups.take(follow_up=call_in(cohort, None), by=facilitator),
        lambda: follow_ups.offer(caregiver=tasks["call"].caregiver, cohort=cohort, kind="call", **theirs),
        lambda: checklist.plan(cohort=cohort, line=line, due_on=None, **theirs),
        lambda: name_owner(referral=tasks["referral"], **theirs),
    ):
        with pytest.raises(Refused, match="Femi Facilitator is not in the team any more"):
            give()
    assert leaving.holdings(facilitator) == []


def test_the_next_step_of_a_call_they_made_is_not_theirs_any_more(administrator, facilitator, lead, cohort, tasks):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    corrected = {"outcome": "taken", "next_step": "Call again", "next_due": tomorrow, "correcting": True}
    follow_ups.record_outcome(follow_up=tasks["made"], by=lead, **corrected)
    assert FollowUp.objects.get(follows=tasks["made"]).owner == lead
    assert leaving.holdings(facilitator) == []
