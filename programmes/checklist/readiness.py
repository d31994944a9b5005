"""Where a group stands in time, and what stands between today and its first session.

Sessions belong to a higher app: it says how a group's dates are read (`dates_from`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ppg.hooks import Hook
from ppg.time_of_day import day_and_clock
from programmes.checklist.lines import Phase
from programmes.checklist.queries import ChecklistRow, finished
from programmes.models import Cohort


@dataclass(frozen=True)
class Dates:
    """When the first session begins and the last one ends, if there are any."""

    first: datetime | None = None
    last: datetime | None = None


dates_from: Hook[Callable[[Cohort], Dates]] = Hook(
    "When a group begins and when it is over; one app says it.", key=lambda read: "dates"
)


def dates_of(cohort: Cohort) -> Dates:
    return next((read(cohort) for read in dates_from), Dates())


def phase_at(dates: Dates, now: datetime) -> str:
    """Before until the first session begins, after once the last one is over."""
    if dates.first is None or now < dates.first:
        return Phase.BEFORE
    return Phase.AFTER if dates.last and now >= dates.last else Phase.DURING


@dataclass(frozen=True)
class Section:
    """A phase of the checklist: its rows, how many of them are done, and whether it is today's."""

    phase: str
    title: str
    rows: Sequence[ChecklistRow]
    today: bool

    @property
    def done(self) -> int:
        return finished([self.rows])[0]

    @property
    def of(self) -> int:
        return len(self.rows)


def sections(phases: Mapping[str, Sequence[ChecklistRow]], today: str) -> list[Section]:
    """The phase of today first, the others in their order."""
    made = [Section(rows[0].line.phase, title, rows, rows[0].line.phase == today) for title, rows in phases.items()]
    return sorted(made, key=lambda section: not section.today)


@dataclass(frozen=True)
class Ready:
    """What is open before the first session, and how long there is."""

    open: Sequence[ChecklistRow]
    first: datetime | None
    today: date

    @property
    def days(self) -> int | None:
        return (timezone.localdate(self.first) - self.today).days if self.first else None

    @property
    def until(self) -> str:
        """How long there is, as a sentence."""
        if self.first is None or self.days is None:
            return _("The group has no session yet.")
        at = day_and_clock(self.first, "l j F")
        if self.days <= 0:
            return _("The first session is today: %(at)s.") % {"at": at}
        if self.days == 1:
            return _("The first session is tomorrow: %(at)s.") % {"at": at}
        words = ngettext("%(n)s day is left", "%(n)s days are left", self.days) % {"n": self.days}
        return _("%(days)s until the first session: %(at)s.") % {"days": words, "at": at}


def ready(rows: Iterable[ChecklistRow], dates: Dates, now: datetime) -> Ready | None:
    """For the weeks before; None once the group has begun, or where nothing is to be done before."""
    before = [row for row in rows if row.line.phase == Phase.BEFORE]
    if not before or phase_at(dates, now) != Phase.BEFORE:
        return None
    return Ready([row for row in before if not row.done], dates.first, timezone.localdate(now))
