"""Closing a session: what to come back to, what was changed and why, who wants to talk, and the packs on their way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
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
from programmes.models import Cohort, Resource
from sessions_app.closing import changes as closing
from sessions_app.models import ABSENT, ItemRemark, RegisterMark, Session, SessionItem, SessionStep
from sessions_app.packs import actions as packs

CALL_WITHIN = timedelta(days=2)
CATCH_UP_WITHIN = timedelta(days=7)  # or before the next session


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
        steps = list(held.steps.all())
        if why := closing.why_not_close(held, steps, now):
            raise Refused(why)
        if ended := closing.end_forgotten(held, list(held.items.all()), steps, now):
            end(held, by, ended)
        fields = write_down(held, recap_points, remarks, by, now)
        held.closed_at, held.closed_by = now, by
        held.save(update_fields=["closed_at", "closed_by"])
        audit.record(by, audit.Verb.CHANGED, held, cohort=held.cohort, fields=["closed_at", *fields])
        missed = absent(held)
        offer_follow_ups(held, calls, missed, by, now)
        resources = of_session(held) if handouts is None else handouts
        if resources:
            missed_ids = {place.pk for place in missed}
            packs.make(session=held, resources=resources, missed=missed_ids, by=by, at=now)
        return held.code

    code = once(f"close:{effect_key}", do) if effect_key else do()
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
    """The session as it is now, held against everybody else who ticks, runs or closes it. The group before it: nobody
    is erased while handouts and follow-ups are made for everybody."""
    Cohort.objects.select_for_update(no_key=True).get(pk=session.cohort_id)
    rows = Session.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort")
    return rows.get(pk=session.pk)  # who closed it is read afterwards: PostgreSQL joins what was there before the wait


def end(session: Session, by: User, at: datetime) -> None:
    """The end that nobody pressed. The session is held, and its steps say that it still runs: nothing can refuse it."""
    SessionStep.objects.create(session=session, kind=SessionStep.Kind.END, key=f"closed-{session.code}", at=at, by=by)
    audit.record(by, audit.Verb.CHANGED, session, cohort=session.cohort, fields=["ended"])


def absent(session: Session) -> list[Place]:
    """Those in the group whom the register says away. Who is not ticked may have been here."""
    away = RegisterMark.objects.filter(session=session).latest().filter(state__in=ABSENT).values("place")
    return list(Place.objects.filter(pk__in=away, state=Place.State.TAKEN).select_related("caregiver"))


def offer_follow_ups(
    session: Session, calls: Iterable[Place], missed: Iterable[Place], by: User, now: datetime
) -> None:
    today = timezone.localdate(now)
    kinds, reasons = FollowUp.Kind, FollowUp.Reason
    wishes = [
        *((place, kinds.CALL, reasons.ASKED, today + CALL_WITHIN) for place in calls),
        *((place, kinds.CATCH_UP, reasons.MISSED, catch_up_by(session, today)) for place in missed),
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


def catch_up_by(session: Session, today: date) -> date:
    """Before the next session, or within a week."""
    following = session.cohort.sessions.filter(starts_at__gt=session.starts_at, cancelled_at=None)
    starts_at = following.order_by("starts_at").values_list("starts_at", flat=True).first()
    week = today + CATCH_UP_WITHIN
    return max(today, min(week, timezone.localdate(starts_at))) if starts_at else week


def of_session(session: Session) -> list[Resource]:
    return [handout.resource for handout in session.handouts_in_order.select_related("resource")]
