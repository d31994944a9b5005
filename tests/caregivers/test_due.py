"""What is due about people, and that it goes when it is done."""

from __future__ import annotations

import pytest

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Place
from caregivers.places.actions import decline
from caregivers.referrals import actions as referrals
from programmes.due.queries import due
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slugs(now, cohort):
    """What kinds are due for somebody, across their groups; the same in the group alone."""

    def of(user):
        every = [task.source.slug for task in due(user, now).tasks if task.source]
        assert every == [task.source.slug for task in due(user, now, cohort).tasks]
        return every

    return of


def refer(cohort, source, now):
    return referrals.refer(
        cohort=cohort, name="Beth Okoro", source=source, received_on=now.date(), by=None, phone="01632 960001"
    ).referrals.get()


@pytest.mark.parametrize(("source", "slug"), [("interest", "interests"), ("hub", "first-contacts")])
def test_a_first_contact_is_owed_until_somebody_has_talked_to_them(
    slugs, lead, facilitator, parent, cohort, now, source, slug
):
    referral = refer(cohort, source, now)
    assert slug in slugs(lead) and slug in slugs(facilitator) and slugs(parent) == []
    referrals.contacted(referral=referral, on=now.date(), by=lead)
    assert slug not in slugs(lead)


def test_nobody_owes_a_contact_to_who_said_no_thanks(slugs, facilitator, cohort, now):
    referral = refer(cohort, "hub", now)
    decline(caregiver=referral.caregiver, cohort=cohort, by=facilitator)
    assert slugs(facilitator) == []


def test_a_call_is_due_until_what_happened_is_recorded(slugs, facilitator, cohort):
    person = PlaceFactory(cohort=cohort).caregiver
    call = follow_ups.offer(caregiver=person, cohort=cohort, kind="call", by=facilitator)
    assert slugs(facilitator) == ["calls"]
    follow_ups.record_outcome(follow_up=call, outcome=FollowUp.Outcome.TAKEN, by=facilitator)
    assert slugs(facilitator) == []


def test_who_left_is_not_called_about_what_they_missed(slugs, facilitator, cohort, now):
    place = PlaceFactory(cohort=cohort)
    absent = {"kind": "call", "reason": FollowUp.Reason.ABSENT, "session_number": 2}
    follow_ups.offer(caregiver=place.caregiver, cohort=cohort, by=None, **absent)
    follow_ups.offer(caregiver=place.caregiver, cohort=cohort, kind="visit", by=facilitator)
    assert slugs(facilitator) == ["calls", "calls"]
    Place.objects.update(state="left", seat=None, left_on=now.date())
    assert slugs(facilitator) == ["calls"], "the visit that was agreed stays"
