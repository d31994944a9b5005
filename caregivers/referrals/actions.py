"""How somebody reaches us, who talks to them first, and who owes the next step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import (
    Caregiver,
    FollowUp,
    Referral,
)
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from programmes.team import actions as team


@transaction.atomic
def refer(
    *,
    cohort: Cohort,
    name: str,
    source: str,
    received_on: date,
    by: User | None,
    liked_name: str = "",
    phone: str = "",
    email: str = "",
    safe_ways: Iterable[str] = (),
    safe_when: str = "",
) -> Caregiver:
    """Somebody reached us: who they are and how to reach them, before they tell us more themselves."""
    ways: Any = list(safe_ways)
    values = {"name": name, "liked_name": liked_name, "phone": phone, "email": email, "safe_when": safe_when}
    caregiver = Caregiver.objects.create(**values, safe_ways=ways)
    referral = Referral.objects.create(caregiver=caregiver, cohort=cohort, source=source, received_on=received_on)
    fields = ["name", "phone", "email", *(["safe_ways"] if ways else [])]
    audit.record(by, audit.Verb.CREATED, caregiver, person=caregiver, cohort=cohort, fields=fields)
    audit.record(by, audit.Verb.CREATED, referral, person=caregiver, cohort=cohort, fields=["source", "received_on"])
    return caregiver


@transaction.atomic
def contacted(*, referral: Referral, on: date, by: User) -> Referral:
    """Somebody talked to them for the first time. The first one who says so counts."""
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    if held.contacted_on is None:
        held.contacted_on, held.contacted_by = on, by
        held.save(update_fields=["contacted_on", "contacted_by"])
        _changed(referral, by, "contacted_on")
    return held


@transaction.atomic
def not_reached(
    *, referral: Referral, on: date, by: User, again_on: date | None = None, at: datetime | None = None
) -> FollowUp:
    """A call that reached nobody is kept as one, so that the next person sees how often we tried. With `again_on` the
    next call goes on the list."""
    now = at or timezone.now()
    # Of an earlier day only the date is known.
    then = now if on == timezone.localdate(now) else timezone.make_aware(datetime.combine(on, time(12)))
    call = follow_ups.offer(
        caregiver=referral.caregiver, cohort=referral.cohort, kind=FollowUp.Kind.CALL, by=by, owner=by, at=then
    )
    return follow_ups.record_outcome(
        follow_up=call, outcome=FollowUp.Outcome.NOT_REACHED, by=by, next_due=again_on, at=then
    )


@transaction.atomic
def name_owner(*, referral: Referral, owner: User | None, by: User) -> Referral:
    """Who owes the next step; None leaves it with the lead of the group."""
    if owner:
        team.hold(referral.cohort, owner)
    held = Referral.objects.select_for_update().get(pk=referral.pk)
    if held.owner_id != (owner.pk if owner else None):
        held.owner = owner
        held.save(update_fields=["owner"])
        _changed(referral, by, "owner")
    return held


def _changed(referral: Referral, by: User, field: str) -> None:
    audit.record(by, audit.Verb.CHANGED, referral, person=referral.caregiver, cohort=referral.cohort, fields=[field])
