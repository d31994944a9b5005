"""Time for one caregiver outside the sessions: offering it, writing down what became of it, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.follow_ups.queries import next_of
from caregivers.models import Caregiver, FollowUp
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from programmes.team import actions as team


@transaction.atomic
def offer(
    *,
    caregiver: Caregiver,
    cohort: Cohort,
    kind: str,
    by: User | None,
    reason: str = FollowUp.Reason.OFFERED,
    session_number: int | None = None,
    due_on: date | None = None,
    owner: User | None = None,
    at: datetime | None = None,
) -> FollowUp:
    """Puts a follow-up on the list. One for an absence, and the talk after a session, is there once: asked for
    again, the first is returned."""
    if owner:
        team.hold(cohort, owner)
    Caregiver.objects.hold(caregiver.pk)
    now = at or timezone.now()
    values = {
        "kind": kind,
        "reason": reason,
        "offered_on": timezone.localdate(now),
        "due_on": due_on,
        "owner": owner,
        "recorded_by": by,
    }
    of_session = {"caregiver": caregiver, "cohort": cohort, "session_number": session_number}
    if session_number is None:
        follow_up, new = FollowUp.objects.create(**of_session, **values), True
    elif kind == FollowUp.Kind.AFTER:
        follow_up, new = FollowUp.objects.get_or_create(**of_session, kind=kind, defaults=values)
    elif reason in (FollowUp.Reason.ABSENT, FollowUp.Reason.MISSED):
        follow_up, new = FollowUp.objects.get_or_create(**of_session, reason=reason, defaults=values)
    else:
        follow_up, new = FollowUp.objects.create(**of_session, **values), True
    if new:
        fields = [name for name, value in values.items() if value and name not in ("offered_on", "recorded_by")]
        audit.record(by, audit.Verb.CREATED, follow_up, person=caregiver, cohort=cohort, fields=fields)
    return follow_up


@transaction.atomic
def record_outcome(
    *,
    follow_up: FollowUp,
    outcome: str,
    by: User,
    minutes: int | None = None,
    next_step: str = "",
    next_kind: str = "",
    next_due: date | None = None,
    correcting: bool = False,
    at: datetime | None = None,
) -> FollowUp:
    """What became of it, how long it took and what comes next. With `next_due` the next step goes on the list too,
    once. What somebody has written down meanwhile is not overwritten unless `correcting`."""
    now = at or timezone.now()
    if next_due:
        team.lock(follow_up.cohort)  # before the follow-up, as where somebody hands over what they have
    held = locked(follow_up)
    if held.done_at and not correcting:
        if held.outcome == outcome:
            return held  # pressed twice
        raise Refused(_("Somebody has written down meanwhile what became of this. Look at it before you change it."))
    values = {"outcome": outcome, "minutes": minutes, "next_step": next_step}
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, values[name])
    if changed:
        held.done_at = held.done_at or now
        held.recorded_by = by
        held.save()
        audit.record(by, audit.Verb.CHANGED, held, person=held.caregiver, cohort=held.cohort, fields=changed)
    if next_due:
        plan_next(held, next_kind or held.kind, next_due, by, now)
    return held


def plan_next(follow_up: FollowUp, kind: str, due_on: date, by: User, now: datetime) -> FollowUp:
    """The next step of this one: made the first time, moved afterwards while it is still to be done."""
    following = next_of(follow_up)
    if following is None:
        following = FollowUp.objects.create(
            caregiver=follow_up.caregiver,
            cohort=follow_up.cohort,
            kind=kind,
            reason=FollowUp.Reason.NEXT,
            offered_on=timezone.localdate(now),
            due_on=due_on,
            follows=follow_up,
            owner=_goes_on(follow_up, by),
            recorded_by=by,
        )
        verb, fields = audit.Verb.CREATED, ["due_on", "kind", "owner", "reason"]
    elif following.done_at or (following.kind, following.due_on) == (kind, due_on):
        return following
    else:
        following.kind, following.due_on = kind, due_on
        following.save(update_fields=["kind", "due_on"])
        verb, fields = audit.Verb.CHANGED, ["due_on", "kind"]
    audit.record(by, verb, following, person=follow_up.caregiver, cohort=follow_up.cohort, fields=fields)
    return following


def _goes_on(follow_up: FollowUp, by: User) -> User | None:
    """Whoever had this one, if they still work with the group, or else who wrote down what became of it."""
    likely = (follow_up.owner, by)
    return next((one for one in likely if one and team.works_with(follow_up.cohort, one)), None)


@transaction.atomic
def plan(*, follow_up: FollowUp, owner: User | None, due_on: date | None, by: User) -> FollowUp:
    """Who does it, and by when."""
    if owner:
        team.hold(follow_up.cohort, owner)
    held = locked(follow_up)
    values = {"owner": owner, "due_on": due_on}
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.save(update_fields=changed)
        audit.record(by, audit.Verb.CHANGED, held, person=held.caregiver, cohort=held.cohort, fields=changed)
    return held


@transaction.atomic
def take(*, follow_up: FollowUp, by: User) -> FollowUp:
    """The person who pressed does it, unless somebody else was first."""
    team.hold(follow_up.cohort, by)
    held = locked(follow_up)
    if held.owner_id == by.pk or held.done_at:
        return held
    if held.owner_id:
        raise Refused(_("Somebody else has taken this on meanwhile."))
    return plan(follow_up=held, owner=by, due_on=held.due_on, by=by)


@transaction.atomic
def drop(*, follow_ups: Iterable[FollowUp], by: User | None) -> None:
    """Takes off the list what was put there by mistake or is over, and of which nothing came yet."""
    for follow_up in follow_ups:
        if FollowUp.objects.filter(pk=follow_up.pk, done_at=None).delete()[0]:
            audit.record(
                by,
                audit.Verb.CHANGED,
                follow_up,
                person=follow_up.caregiver,
                cohort=follow_up.cohort,
                fields=["taken_back"],
            )


@transaction.atomic
def take_back(*, follow_up: FollowUp, by: User) -> None:
    """Undoes a press: as if it had not been offered. What more was written down since is not thrown away by that."""
    held = locked(follow_up)
    if held.minutes or held.next_step or next_of(held):
        raise Refused(_("More is written down about this already. Open it and put it right there."))
    held.delete()
    audit.record(by, audit.Verb.CHANGED, follow_up, person=held.caregiver, cohort=held.cohort, fields=["taken_back"])


def locked(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_for_update(of=("self",)).select_related("caregiver", "cohort").get(pk=follow_up.pk)
