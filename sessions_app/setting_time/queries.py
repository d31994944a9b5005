"""What setting the time does to each session, before anybody presses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Slot
from ppg.links.codes import digest
from ppg.models import User
from programmes.models import Cohort
from sessions_app import bookings
from sessions_app.dates import WEEK, bank_holidays, local_start
from sessions_app.models import Session
from sessions_app.planning.queries import begun, held


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
        return digest("\n".join(f"{move.session.code} {move.session.starts_at} {move.to}" for move in self.moves))


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
    days: list[date] = []
    while len(days) < len(old):
        if not weeks:
            weeks = [days[-1] + WEEK if days else in_week_of(max(old[-1], after), weekday) + WEEK]
        day = weeks.pop(0)
        if days and day <= days[-1]:  # two in one week: the second has the week after
            day = days[-1] + WEEK
        if day > after and not holidays([day]):
            days.append(day)
        elif not weeks:
            weeks = [day + WEEK]
    return days


def plan(cohort: Cohort, slot: Slot, now: datetime) -> Plan:
    """What would happen. Reads only."""
    sessions = list(cohort.sessions.taking_place().order_by("starts_at", "number"))
    fixed = {*begun(sessions), *held(sessions)}
    staying = [session for session in sessions if session.pk in fixed or session.closed_at or session.starts_at <= now]
    ahead = [session for session in sessions if session not in staying]
    going = [session for session in ahead if not session.extra]
    today = timezone.localtime(now)
    last = max([session.day for session in staying], default=date.min)
    after = today.date() if slot.starts <= today.time() else today.date() - timedelta(days=1)
    skipped: dict[date, str] = {}

    def holidays(days: list[date]) -> Collection[date]:
        names = bank_holidays(days)
        skipped.update(names)
        return names

    days = new_days([session.day for session in going], slot.weekday, max(after, last), holidays) if going else []
    moves = [Move(session, local_start(day, slot.starts)) for session, day in zip(going, days, strict=True)]
    return Plan(moves, staying, [session for session in ahead if session.extra], skipped)


def clashes(cohort: Cohort, plan: Plan, by: User) -> list[str]:
    """What of this group's another group needs at the new times, as this person may know it."""
    times = [(move.to, move.to + (move.session.ends_at - move.session.starts_at)) for move in plan.moves]
    return bookings.clashes(bookings.Group.of(cohort), times, by=by)


def why_not(plan: Plan) -> str:
    return "" if plan.moves else _("No session lies ahead, so there is nothing to set the time of.")
