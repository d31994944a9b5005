"""Setting a group's time to the one that was chosen: the sessions still ahead move to that weekday and time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Slot
from ppg import audit
from ppg.links import digest
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort
from sessions_app import moved
from sessions_app.actions import planning
from sessions_app.dates import WEEK, bank_holidays, local_start
from sessions_app.models import Adaptation, Session


@dataclass(frozen=True)
class Move:
    session: Session
    to: datetime

    @property
    def stays(self) -> bool:
        return self.session.starts_at == self.to


@dataclass(frozen=True)
class Plan:
    """What setting the time does to each session."""

    moves: list[Move]
    staying: list[Session]  # held, begun, or their day is over
    extra: list[Session]  # of the group's own making: they keep their date
    skipped: dict[date, str]  # bank holidays on the new weekday that a session would have fallen on

    @property
    def changes(self) -> bool:
        return any(not move.stays for move in self.moves)

    @property
    def seen(self) -> str:
        """Stands for what the page showed."""
        return digest("\n".join(f"{one.session.code} {one.session.starts_at} {one.to}" for one in self.moves))


def in_week_of(day: date, weekday: int) -> date:
    """The day of the same week, Monday to Sunday."""
    return day + timedelta(days=weekday - day.weekday())


def new_days(
    old: Sequence[date], weekday: int, after: date, holidays: Callable[[list[date]], Collection[date]]
) -> list[date]:
    """Each of the `old` days on another weekday of its own week, so that weeks without a session stay without one.

    A day up to `after`, or on a bank holiday, is passed over: that session takes the week of the next one, and the
    last goes to the week after.
    """
    weeks = [in_week_of(day, weekday) for day in old]
    found: list[date] = []
    while len(found) < len(old):
        if not weeks:
            weeks = [found[-1] + WEEK if found else in_week_of(max(old[-1], after), weekday) + WEEK]
        day = weeks.pop(0)
        if found and day <= found[-1]:  # two in one week: the second has the week after
            day = found[-1] + WEEK
        if day > after and not holidays([day]):
            found.append(day)
        elif not weeks:
            weeks = [day + WEEK]
    return found


def plan(cohort: Cohort, slot: Slot, now: datetime) -> Plan:
    """What would happen. Reads only."""
    sessions = list(cohort.sessions.taking_place().order_by("starts_at", "number"))
    held = set(planning.begun(sessions)) | set(planning.ticked(sessions))
    staying = [one for one in sessions if one.pk in held or one.closed_at or one.starts_at <= now]
    ahead = [one for one in sessions if one not in staying]
    going = [one for one in ahead if not one.extra]
    today = timezone.localtime(now)
    last = max([one.day for one in staying], default=date.min)
    after = today.date() if slot.starts <= today.time() else today.date() - timedelta(days=1)
    skipped: dict[date, str] = {}

    def holidays(days: list[date]) -> Collection[date]:
        found = bank_holidays(days)
        skipped.update(found)
        return found

    days = new_days([one.day for one in going], slot.weekday, max(after, last), holidays) if going else []
    moves = [Move(one, local_start(day, slot.starts)) for one, day in zip(going, days, strict=True)]
    return Plan(moves, staying, [one for one in ahead if one.extra], skipped)


def why_not(found: Plan) -> str:
    return "" if found.moves else _("No session lies ahead, so there is nothing to set the time of.")


@transaction.atomic
def set_time(*, slot: Slot, by: User, seen: str = "", effect_key: str = "", at: datetime | None = None) -> None:
    """The group meets at the slot's time from its next session on. `seen` is the plan's, as the page showed it."""
    now = at or timezone.now()

    def do() -> None:
        cohort = planning.lock_cohort(slot.cohort_id)
        list(Session.objects.select_for_update(no_key=True).filter(cohort=cohort).order_by("pk"))
        chosen = Slot.objects.get(pk=slot.pk)
        found = plan(cohort, chosen, now)
        if why := why_not(found):
            raise Refused(why)
        if seen and seen != found.seen:
            raise Refused(_("The dates have changed since you looked. Check the new ones, then press again."))
        move_all(cohort, found, by, now)
        cohort.slots.exclude(pk=chosen.pk).update(chosen_at=None, chosen_by=None)
        cohort.slots.filter(pk=chosen.pk).update(chosen_at=now, chosen_by=by)
        audit.record(by, audit.Verb.CHANGED, chosen, cohort=cohort, fields=["chosen"])

    planning.one_press(effect_key, do)


def move_all(cohort: Cohort, found: Plan, by: User, now: datetime) -> None:
    going = [one for one in found.moves if not one.stays]
    before = {one.session.pk: one.session.starts_at for one in going}
    for one in going:
        one.session.starts_at = one.to
    planning.refuse_if_at_once(cohort, [one.session for one in going])
    Session.objects.bulk_update([one.session for one in going], ["starts_at"])
    why = _("The time that suits the group")
    for one in going:
        kept = {"starts_at": planning.iso(before[one.session.pk])}, {"starts_at": planning.iso(one.to)}
        planning.keep(one.session, Adaptation.Kind.MOVED, kept, why, True, by, now)
        audit.record(by, audit.Verb.CHANGED, one.session, cohort=cohort, fields=["starts_at"])
    if going:
        moved.tell(cohort, now)
