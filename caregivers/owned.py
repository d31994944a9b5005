"""What somebody of a group's team owns: handed over when they leave the team."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext

from caregivers.models import FollowUp, Place, Referral
from ppg.access.permissions import P
from ppg.models import User
from programmes.team.owned import Owned


def open_follow_ups(user: User) -> QuerySet[Any]:
    return FollowUp.objects.filter(owner=user, done_at=None).select_related("caregiver")


def follow_ups_in_words(n: int) -> str:
    return ngettext("%(n)s call or follow-up", "%(n)s calls and follow-ups", n) % {"n": n}


def open_referrals(user: User) -> QuerySet[Any]:
    """People whose next step is theirs, in a group or on the way into it."""
    gone = Place.objects.filter(cohort=OuterRef("cohort"), caregiver=OuterRef("caregiver"), state=Place.State.LEFT)
    found = Referral.objects.filter(~Exists(gone), owner=user)
    return found.select_related("caregiver")


def referrals_in_words(n: int) -> str:
    return ngettext("The next step for %(n)s person", "The next step for %(n)s people", n) % {"n": n}


OWNED = [
    Owned(P.FOLLOW_UP, open_follow_ups, follow_ups_in_words),
    Owned(P.RECRUIT, open_referrals, referrals_in_words),
]
