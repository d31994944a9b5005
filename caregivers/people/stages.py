"""The way from a referral to a place, in stages: where somebody stands is worked out, never stored.

The database works it out, so that a board can be filtered and counted by stage: names are encrypted, stages are not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from caregivers.models import FollowUp, PersonalLink, Place, PoliceCheck, Referral


class Stage(models.TextChoices):
    """In the order of the way. Everybody stands at one: the furthest they have come."""

    REFERRED = "referred", _("Referred")
    CONTACTED = "contacted", _("Contacted")
    CHECKED = "checked", _("Checked")
    OFFERED = "offered", _("Offered a place")
    REGISTERED = "registered", _("Registered, place offered")
    IN_GROUP = "in_group", _("In the group")
    WAITING = "waiting", _("Waiting list, in order")
    DECLINED = "declined", _("Declined or left")

    @property
    def short(self) -> Any:
        """For a filter and a row, where the order is not shown."""
        return {Stage.WAITING: _("Waiting"), Stage.REGISTERED: _("Registered")}.get(self, self.label)


COLOURS = {
    Stage.REFERRED: "grey",
    Stage.CONTACTED: "teal",
    Stage.CHECKED: "blue",
    Stage.OFFERED: "purple",
    Stage.REGISTERED: "purple",
    Stage.IN_GROUP: "green",
    Stage.WAITING: "yellow",
    Stage.DECLINED: "grey",
}

_place = Place.objects.filter(cohort=OuterRef("cohort"), caregiver=OuterRef("caregiver"))
_check = PoliceCheck.objects.filter(caregiver=OuterRef("caregiver")).order_by("-id")
_tries = (
    FollowUp.objects.filter(
        caregiver=OuterRef("caregiver"),
        cohort=OuterRef("cohort"),
        kind=FollowUp.Kind.CALL,
        outcome=FollowUp.Outcome.NOT_REACHED,
    )
    .order_by()
    .values("cohort")
)


def with_stage(referrals: QuerySet[Referral], now: datetime) -> QuerySet[Referral]:
    """Adds `check_outcome` (the latest, or None) and `stage`.

    A check with an outcome is "checked" whether or not somebody has been talked to. An offer that ran out waits again.
    """
    waits = Stage.WAITING
    return referrals.annotate(
        check_outcome=Subquery(_check.values("outcome")[:1]),
        check_answered=Subquery(_check.values("answered")[:1]),
        place_state=Subquery(_place.values("state")[:1]),
        place_until=Subquery(_place.values("offered_until")[:1]),
    ).annotate(
        stage=Case(
            When(place_state=Place.State.TAKEN, then=Value(Stage.IN_GROUP)),
            When(place_state=Place.State.LEFT, then=Value(Stage.DECLINED)),
            When(place_state=Place.State.WAITING, then=Value(waits)),
            When(place_state=Place.State.OFFERED, place_until__lte=now, then=Value(waits)),
            When(
                place_state=Place.State.OFFERED,
                caregiver__registered_at__isnull=False,
                then=Value(Stage.REGISTERED),
            ),
            When(place_state=Place.State.OFFERED, then=Value(Stage.OFFERED)),
            When(check_answered=True, then=Value(Stage.CHECKED)),
            When(contacted_on__isnull=False, then=Value(Stage.CONTACTED)),
            default=Value(Stage.REFERRED),
            output_field=models.CharField(),
        )
    )


def with_what_is_next(referrals: QuerySet[Referral], now: datetime) -> QuerySet[Referral]:
    """Adds what the next step depends on: `link_ends` (of a live registration link), `tries` and `last_try` (calls
    that reached nobody)."""
    links = (
        PersonalLink.objects.live(now)
        .filter(caregiver=OuterRef("caregiver"), cohort=OuterRef("cohort"), purpose=PersonalLink.Purpose.REGISTER)
        .order_by("-expires_at")
        .values("expires_at")[:1]
    )
    return referrals.annotate(
        link_ends=Subquery(links),
        tries=Subquery(_tries.annotate(number=Count("id")).values("number")),
        last_try=Subquery(_tries.annotate(last=Max("done_at")).values("last")),
    )


def in_order(referrals: QuerySet[Referral]) -> QuerySet[Referral]:
    """The newest first; two of the same day as they came."""
    return referrals.order_by(F("received_on").desc(), "-id")


def of_stage(referrals: QuerySet[Referral], stage: str) -> QuerySet[Referral]:
    """Those at this stage; with "" everybody who is neither in the group yet nor out of it."""
    if stage:
        return referrals.filter(stage=stage)  # type: ignore[misc]  # of `with_stage`
    return referrals.exclude(Exists(_place.filter(state__in=[Place.State.TAKEN, Place.State.LEFT])))
