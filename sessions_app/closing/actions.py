"""Closing a session: what to come back to, what was changed and why, who wants to talk, and the packs on their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Place
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.models import User
from programmes.models import Resource
from sessions_app.closing.changes import why_not_close
from sessions_app.models import ItemRemark, Session, SessionItem
from sessions_app.packs import actions as packs
from sessions_app.running import actions as running

CALL_WITHIN = timedelta(days=2)
CATCH_UP_WITHIN = timedelta(days=7)


class Remark(NamedTuple):
    item: SessionItem
    why: str
    by_group: bool = False


@transaction.atomic
def close(
    *,
    session: Session,
    by: User,
    recap_points: Sequence[str] = (),
    remarks: Iterable[Remark] = (),
    calls: Iterable[Place] = (),
    handouts: Sequence[Resource] | None = None,
    effect_key: str = "",
    at: datetime | None = None,
) -> Session:
    """Closes the session and sends its packs, all at once or not at all; the same `effect_key` again does nothing.

    `calls` are people who want to be called. The absent are offered to catch up. `handouts` are those that go
    out, all of the session's where none are named; with none at all no pack is made.
    """

    def do() -> str:
        now = at or timezone.now()
        held = locked(session)
        if held.closed_at:
            raise Refused(_("%(name)s has closed this session meanwhile.") % {"name": held.closed_by.first_name})  # type: ignore[union-attr]
        if why := why_not_close(held, now):
            raise Refused(why)
        running.end_forgotten(session=held, by=by, at=now)
        fields = write_down(held, recap_points, remarks, by, now)
        held.closed_at, held.closed_by = now, by
        held.save(update_fields=["closed_at", "closed_by"])
        audit.record(by, audit.Verb.CHANGED, held, cohort=held.cohort, fields=["closed_at", *fields])
        away = held.marks.absent().values("place")
        missed = list(Place.objects.in_group().filter(pk__in=away).select_related("caregiver"))
        offer_follow_ups(held, calls, missed, by, now)
        resources = held.taken_home() if handouts is None else handouts
        if resources:
            missed_ids = {place.pk for place in missed}
            packs.make(session=held, resources=resources, missed=missed_ids, by=by, at=now)
        return held.code

    code = once(effect_key, do, by=by, of=f"close {session.code}") if effect_key else do()
    return Session.objects.select_related("cohort").get(code=code)


@transaction.atomic
def correct(
    *,
    session: Session,
    by: User,
    recap_points: Sequence[str],
    remarks: Iterable[Remark] = (),
    at: datetime | None = None,
) -> list[str]:
    """Puts a closed session right afterwards; says what changed. Nothing is sent again."""
    held = locked(session)
    fields = write_down(held, recap_points, remarks, by, at or timezone.now())
    if fields:
        audit.record(by, audit.Verb.CHANGED, held, cohort=held.cohort, fields=fields)
    return fields


def write_down(
    session: Session, recap_points: Sequence[str], remarks: Iterable[Remark], by: User, now: datetime
) -> list[str]:
    """Recap points and remarks as they are now; returns the names of what changed."""
    fields = []
    if session.recap_points != list(recap_points):
        session.recap_points = list(recap_points)
        session.save(update_fields=["recap_points"])
        fields.append("recap_points")
    known = {remark.item_id: remark for remark in ItemRemark.objects.filter(item__session=session)}
    for item, why, by_group in remarks:
        before = known.get(item.pk)
        if (before.why, before.by_group) == (why, by_group) if before else not (why or by_group):
            continue
        ItemRemark.objects.update_or_create(item=item, defaults={"why": why, "by_group": by_group, "at": now, "by": by})
        if "remarks" not in fields:
            fields.append("remarks")
    return fields


def locked(session: Session) -> Session:
    """The session as it is now, held against everybody else who ticks, runs or closes it."""
    rows = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort")
    return rows.get(pk=session.pk)  # who closed it is read afterwards: PostgreSQL joins what was there before the wait


def offer_follow_ups(
    session: Session, calls: Iterable[Place], missed: Iterable[Place], by: User, now: datetime
) -> None:
    """A call for who asked for one. Who was away is offered to catch up before the next session, or within a week."""
    today = timezone.localdate(now)
    catch_up_by = today + CATCH_UP_WITHIN
    if following := session.cohort.sessions.after(session.starts_at).first():
        catch_up_by = max(today, min(catch_up_by, following.day))
    kinds, reasons = FollowUp.Kind, FollowUp.Reason
    wishes = [
        *((place, kinds.CALL, reasons.ASKED, today + CALL_WITHIN) for place in calls),
        *((place, kinds.CATCH_UP, reasons.MISSED, catch_up_by) for place in missed),
    ]
    for place, kind, reason, due_on in wishes:
        follow_ups.offer(
            caregiver=place.caregiver,
            cohort=session.cohort,
            kind=kind,
            reason=reason,
            session_number=session.number,
            due_on=due_on,
            by=by,
            at=now,
        )
