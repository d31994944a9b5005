"""The days a weekly group meets on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Weeks:
    """The days a group meets on, and those it skips between them. `occasions` says what they are besides."""

    days: list[date]
    skip: list[date]

    @property
    def all(self) -> list[date]:
        return sorted([*self.days, *self.skip])


def plan(first: date, count: int, skip: Iterable[str] | None = None) -> Weeks:
    """`count` days a week apart from `first` on, without the weeks in `skip` (ISO dates; others than the group's own
    are passed over). None stands for the suggestion: bank holidays are skipped. A group that meets once meets on its
    day, whatever day that is.
    """
    if count == 1:
        left_out = []
    elif skip is None:
        left_out = suggested(first, count)
    else:
        named = set(skip)
        possible = weeks_between(first, first + WEEK * (count + len(named)))
        left_out = [day for day in possible if day.isoformat() in named]
    days = weekly(first, count, left_out)
    left_out = [day for day in left_out if day < days[-1]]
    return Weeks(days, left_out)


def weekly(first: date, count: int, skip: Collection[date] = ()) -> list[date]:
    """`count` days a week apart from `first` on, leaving out those in `skip`."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day not in skip:
            days.append(day)
        day += WEEK
    return days


def weeks_between(first: date, last: date) -> list[date]:
    """Every day a week apart from `first` up to `last`."""
    return [first + WEEK * number for number in range((last - first).days // 7 + 1)]


def suggested(first: date, count: int) -> list[date]:
    """Bank holidays on the group's weekday, from its first day to its last, which moves back a week for each."""
    skip: list[date] = []
    while True:
        holidays = bank_holidays(weeks_between(first, weekly(first, count, skip)[-1]))
        if len(holidays) == len(skip):
            return skip
        skip = list(holidays)


def bank_holidays(days: Iterable[date]) -> dict[date, str]:
    """Those of the days that are bank holidays in England, with their names."""
    from holidays.countries.united_kingdom import UnitedKingdom  # slow, and needed on a few pages only

    known = UnitedKingdom(subdiv="ENG")
    return {day: known[day] for day in days if day in known}


def local_start(day: date, at: time) -> datetime:
    """The moment: 18:00 stays 18:00 on the clock when summer time begins or ends between two weeks."""
    return timezone.make_aware(datetime.combine(day, at))
