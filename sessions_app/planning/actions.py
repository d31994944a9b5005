"""Changing a session's plan: its date, whether it takes place, its agenda, and sessions of one's own making.

Each change says why and is kept as an `Adaptation`; the same `effect_key` again does nothing more. The cohort's row is
locked first, as everything does that hangs on its dates. `despite` stands for what another group needs at that time,
where the person has seen it (`sessions_app.bookings`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.models import User
from ppg.versions import ChangedMeanwhile
from programmes.agenda.changes import out_of_order
from programmes.models import Cohort, ItemKind
from sessions_app.bookings import refuse_unless_meant
from sessions_app.dates import local_start
from sessions_app.models import Adaptation, Session, SessionItem
from sessions_app.planning import after_dates_change
from sessions_app.planning.changes import ItemPlan, changed_fields, seen
from sessions_app.planning.queries import refuse_if_at_once, refuse_if_held, why_agenda_fixed

Kind = Adaptation.Kind
ASIDE = 1000  # positions are moved this far out of the way while they change


@transaction.atomic
def move(
    *,
    session: Session,
    day: date,
    start: time,
    why: str,
    by: User,
    by_group: bool = False,
    and_after: bool = False,
    despite: str | None = None,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """To another day or time; with `and_after` all later sessions of the group by as many days and hours.

    What is shifted is the time on the clock: 18:00 stays 18:00 when summer time begins or ends in between.
    """

    def do() -> None:
        cohort, first = lock(session)
        if first.cancelled_at:
            raise Refused(_("This session is cancelled. Put it back first, then move it."))
        shift = datetime.combine(day, start) - on_the_clock(first)
        if not shift:
            raise Refused(_("This is the day and time the session has already."))
        going = [first]
        if and_after:
            going = list(cohort.sessions.filter(starts_at__gte=first.starts_at).order_by("starts_at", "number"))
        refuse_if_held(going)
        before = {moving.pk: moving.starts_at for moving in going}
        for moving in going:
            moving.starts_at = local_start(*parts(on_the_clock(moving) + shift))
        meeting = [moving for moving in going if not moving.cancelled_at]
        refuse_if_at_once(cohort, meeting)
        refuse_unless_meant(cohort, meeting, by=by, despite=despite)
        Session.objects.bulk_update(going, ["starts_at"])
        for moving in going:
            kept = {"starts_at": iso(before[moving.pk])}, {"starts_at": iso(moving.starts_at)}
            keep(moving, Kind.MOVED, kept, why, by_group, by, at)
            audit.record(by, audit.Verb.CHANGED, moving, cohort=cohort, fields=["starts_at"])
        after_dates_change.tell(cohort, at or timezone.now())

    one_press(effect_key, do, by=by, of=f"move {session.code}")


@transaction.atomic
def cancel(
    *,
    session: Session,
    why: str,
    by: User,
    by_group: bool = False,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """It does not take place. It stays in sight, and can be put back."""

    def do() -> None:
        cohort, row = lock(session)
        if row.cancelled_at:
            return
        refuse_if_held([row])
        set_cancelled(cohort, row, at or timezone.now(), why, by_group, by, at)

    one_press(effect_key, do, by=by, of=f"cancel {session.code}")


@transaction.atomic
def put_back(
    *,
    session: Session,
    why: str,
    by: User,
    by_group: bool = False,
    despite: str | None = None,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """A cancelled session takes place after all, at its date."""

    def do() -> None:
        cohort, row = lock(session)
        if row.cancelled_at:
            refuse_if_at_once(cohort, [row])
            refuse_unless_meant(cohort, [row], by=by, despite=despite)
            set_cancelled(cohort, row, None, why, by_group, by, at)

    one_press(effect_key, do, by=by, of=f"put back {session.code}")


def set_cancelled(
    cohort: Cohort, session: Session, when: datetime | None, why: str, by_group: bool, by: User, at: datetime | None
) -> None:
    before, session.cancelled_at = session.cancelled_at, when
    session.save(update_fields=["cancelled_at"])
    kept = {"cancelled_at": before and iso(before)}, {"cancelled_at": when and iso(when)}
    keep(session, Kind.CANCELLED, kept, why, by_group, by, at)
    audit.record(by, audit.Verb.CHANGED, session, cohort=cohort, fields=["cancelled_at"])
    after_dates_change.tell(cohort, at or timezone.now())


@transaction.atomic
def add(
    *,
    cohort: Cohort,
    title: str,
    day: date,
    start: time,
    minutes: int,
    why: str,
    by: User,
    by_group: bool = False,
    items: Sequence[tuple[int, str]] = (),
    despite: str | None = None,
    effect_key: str = "",
    at: datetime | None = None,
) -> Session:
    """A session that is not one of the programme's own: a catch-up, a visit. `items` are minutes and title."""

    def do() -> str:
        locked = lock_cohort(cohort.pk)
        made = Session(
            cohort=locked,
            number=max(locked.sessions.values_list("number", flat=True), default=0) + 1,
            title=title,
            starts_at=local_start(day, start),
            minutes=minutes,
            extra=True,
        )
        refuse_if_at_once(locked, [made])
        refuse_unless_meant(locked, [made], by=by, despite=despite)
        made.save()
        SessionItem.objects.bulk_create(
            SessionItem(session=made, position=position, title=name, minutes=length, kind=ItemKind.DISCUSSION)
            for position, (length, name) in enumerate(items, start=1)
        )
        after = {"title": title, "starts_at": iso(made.starts_at), "minutes": minutes}
        keep(made, Kind.ADDED, ({}, after), why, by_group, by, at)
        audit.record(by, audit.Verb.CREATED, made, cohort=locked, fields=["items", "starts_at"])
        after_dates_change.tell(locked, at or timezone.now())
        return made.code

    code = once(effect_key, do, by=by, of=f"session {cohort.code}") if effect_key else do()
    return Session.objects.get(code=code)


@transaction.atomic
def adapt(
    *,
    session: Session,
    plan: Sequence[ItemPlan],
    opened_at: str,
    why: str,
    by: User,
    by_group: bool = False,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """The agenda as `plan` has it: every item once, in order, new ones without a code. The guide stays as it is.

    `opened_at` is `changes.seen` of the agenda that the plan was made from: whoever saves second looks again.
    """

    def do() -> None:
        cohort, row = lock(session)
        if why_not := why_agenda_fixed(row):
            raise Refused(why_not)
        items = list(row.items.all())
        if seen(items) != opened_at or {one.code for one in items} != {line.code for line in plan if line.code}:
            raise ChangedMeanwhile(
                _("Somebody else has changed this agenda meanwhile. What you typed is still here: check it, then save.")
            )
        kept = arrange(row, items, plan)
        if not kept:
            raise Refused(_("Nothing was changed."))
        for item, before, after in kept:
            keep(row, Kind.AGENDA, (before, after), why, by_group, by, at, item)
        fields = {name for _item, _before, after in kept for name in after}
        audit.record(by, audit.Verb.CHANGED, row, cohort=cohort, fields=fields)

    one_press(effect_key, do, by=by, of=f"agenda {session.code}")


def arrange(
    session: Session, items: Sequence[SessionItem], plan: Sequence[ItemPlan]
) -> list[tuple[SessionItem, dict[str, Any], dict[str, Any]]]:
    """Writes the agenda; returns each item that changed, with what it was and is."""
    places = {one.code: place for place, one in enumerate(items, start=1)}
    by_code = {one.code: one for one in items}
    former = [places[line.code] for line in plan if line.code]
    shifted = out_of_order(sorted(former), former)
    kept: list[tuple[SessionItem, dict[str, Any], dict[str, Any]]] = []
    rows: list[SessionItem] = []
    for place, line in enumerate(plan, start=1):
        row = by_code.get(line.code) or SessionItem(session=session)
        before, after = changed_fields(row if line.code else None, line)
        if not line.code:
            after["position"] = place
        elif places[line.code] in shifted:
            before["position"], after["position"] = places[line.code], place
        row.position = place
        for name in ItemPlan.FIELDS:
            setattr(row, name, getattr(line, name))
        rows.append(row)
        if after:
            kept.append((row, before, after))
    if not kept:
        return []
    session.items.update(position=F("position") + ASIDE)  # one place is never held by two
    old = [row for row in rows if row.pk]
    SessionItem.objects.bulk_update(old, ["position", *ItemPlan.FIELDS])
    SessionItem.objects.bulk_create([row for row in rows if not row.pk])
    return kept


# --- What the changes have in common ---------------------------------------------------------------


def one_press(effect_key: str, do: Callable[[], None], *, by: User, of: str) -> None:
    def done() -> str:
        do()
        return ""

    once(effect_key, done, by=by, of=of) if effect_key else done()


def lock_cohort(pk: int) -> Cohort:
    return Cohort.objects.select_for_update(no_key=True).get(pk=pk)


def lock(session: Session) -> tuple[Cohort, Session]:
    """The cohort, then its sessions (a tick waits for one of them); the session as it is now."""
    cohort = lock_cohort(session.cohort_id)
    rows = Session.objects.select_for_update(no_key=True).filter(cohort=cohort).order_by("pk")
    locked = next(row for row in rows if row.pk == session.pk)
    locked.cohort = cohort
    return cohort, locked


def on_the_clock(session: Session) -> datetime:
    """When it starts, as the clock on the wall says it."""
    return timezone.localtime(session.starts_at).replace(tzinfo=None)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def parts(moment: datetime) -> tuple[date, time]:
    return moment.date(), moment.time()


def keep(
    session: Session,
    kind: str,
    kept: tuple[dict[str, Any], dict[str, Any]],
    why: str,
    by_group: bool,
    by: User,
    at: datetime | None,
    item: SessionItem | None = None,
) -> None:
    Adaptation.objects.create(
        session=session,
        kind=kind,
        before=kept[0],
        after=kept[1],
        why=why,
        by_group=by_group,
        item=item,
        at=at or timezone.now(),
        by=by,
    )
