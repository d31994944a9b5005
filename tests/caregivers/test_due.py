"""What is due about people, and that it goes when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from caregivers.concerns import actions as concerns
from caregivers.follow_ups import actions as follow_ups
from caregivers.links.actions import invite
from caregivers.models import FollowUp, PersonalLink, Place
from caregivers.places import actions as places
from caregivers.referrals import actions as referrals
from tests.due import kinds
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def slugs(now, cohort):
    return lambda user: kinds(user, now, cohort)


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
    places.decline(caregiver=referral.caregiver, cohort=cohort, by=facilitator)
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


def waiting(cohort, lead, **person):
    person = CaregiverFactory(cohort=cohort, **person)
    referrals.contacted(referral=person.referrals.get(), on=timezone.localdate(), by=lead)
    return person


def test_an_offer_is_due_when_it_is_about_to_run_out(slugs, lead, facilitator, cohort, now):
    person = waiting(cohort, lead)
    place = places.offer(cohort=cohort, caregiver=person, by=lead)
    assert slugs(lead) == []
    Place.objects.update(offered_until=now + timedelta(days=1))
    assert slugs(lead) == ["offers"] and slugs(facilitator) == [], "places are the lead's to give"
    place.refresh_from_db()
    Place.objects.update(state="taken", offered_until=None, taken_on=now.date())
    assert slugs(lead) == []


def test_a_free_place_is_due_while_somebody_waits(slugs, lead, facilitator, cohort, now):
    cohort.places = 1
    cohort.save()
    taken = PlaceFactory(cohort=cohort)
    person = waiting(cohort, lead)
    places.wait(cohort=cohort, caregiver=person, by=lead)
    assert slugs(lead) == []
    places.leave(cohort=cohort, caregiver=taken.caregiver, by=lead)
    assert slugs(lead) == ["free-places"] and slugs(facilitator) == []


def test_an_offer_that_ran_out_leaves_its_place_free(slugs, lead, cohort, other_cohort, now):
    for _n in range(2):
        PlaceFactory(cohort=other_cohort)  # so that no place has the number of a group
    cohort.places = 1
    cohort.save()
    offered, next_one = waiting(cohort, lead), waiting(cohort, lead)
    places.offer(cohort=cohort, caregiver=offered, by=lead)
    places.wait(cohort=cohort, caregiver=next_one, by=lead)
    Place.objects.filter(caregiver=offered).update(offered_until=now - timedelta(minutes=1))
    assert set(slugs(lead)) == {"offers", "free-places"}


def test_a_registration_that_did_not_come_is_asked_for_again(slugs, facilitator, cohort, now):
    person = waiting(cohort, facilitator)
    invite(caregiver=person, cohort=cohort, by=facilitator)
    assert slugs(facilitator) == []
    PersonalLink.objects.update(expires_at=now + timedelta(days=1))
    assert slugs(facilitator) == ["registrations"]
    person.registered_at, person.registered_how = now, "online"
    person.save()
    assert slugs(facilitator) == []


def test_an_open_concern_is_due_for_who_may_know_of_it_and_for_nobody_else(
    slugs, request, lead, facilitator, safeguarding, cohort, now
):
    concern = concerns.write_down(cohort=cohort, words="I am afraid.", on=now.date(), by=facilitator)
    noticed = {"about": "A car", "noticed": "A car", "noticed_when": "On Friday", "how_known": "They saw it"}
    information = concerns.log_information(cohort=cohort, by=facilitator, **noticed)
    assert slugs(lead) == kinds(safeguarding, now) == ["concerns", "information"]
    for role in ("parent", "manager", "evaluator", "administrator", "other_facilitator", "facilitator"):
        assert slugs(request.getfixturevalue(role)) == [], role
    concerns.close(thing=concern, by=safeguarding, text="Spoken to.")
    concerns.close(thing=information, by=safeguarding, text="Passed on.")
    assert slugs(lead) == kinds(safeguarding, now) == []


def test_a_lead_hears_of_concerns_in_their_own_groups_alone(lead, other_cohort, other_facilitator, now):
    concerns.write_down(cohort=other_cohort, words="I am afraid.", on=now.date(), by=other_facilitator)
    assert kinds(lead, now) == []
