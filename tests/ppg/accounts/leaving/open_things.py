"""What somebody has open in a group, as the page and its form name it."""

from __future__ import annotations

from django.urls import reverse

from caregivers import follow_ups
from caregivers.models import FollowUp
from ppg.accounts import leaving
from programmes import team
from tests.factories import (
    PlaceFactory,
)


def page_of(user):
    return reverse("user_leaving", args=[user.code])


def key_of(cohort):
    return f"group-{cohort.code}"


def name_of(cohort):
    return f"to-group-{cohort.code}"


def holding_of(user, cohort, role=None):
    return next(one for one in leaving.holdings(user, role) if one.key == key_of(cohort))


def jobs(cohort):
    """Who is in the team now, as what."""
    return {member.user.name: member.job for member in team.members(cohort)}


def call_in(cohort, owner):
    """A call that is theirs, whether or not they are in the team."""
    person = PlaceFactory(cohort=cohort).caregiver
    made = follow_ups.offer(caregiver=person, cohort=cohort, kind="call", by=None)
    FollowUp.objects.filter(pk=made.pk).update(owner=owner)
    return made
