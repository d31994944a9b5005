"""When the council's schools are closed, as an administrator types it: one a line, a day or from and to, and a name.

19 December 2026 to 3 January 2027, Christmas
2/11/2026 Training day
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format

from ppg.forms.dates import month_number
from ppg.service_details import service

LONGEST = timedelta(days=100)
DAY = r"(\d{1,2})\s*[ ./-]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[ ./-]\s*(\d{4})"
LINE = re.compile(rf"{DAY}(?:\s*(?:to|until|-|–|—)\s*{DAY})?[\s,:]*(.*)", re.IGNORECASE)


class SchoolHoliday(NamedTuple):
    first: date
    last: date
    name: str

    def __str__(self) -> str:
        days = date_format(self.first, "j F Y")
        if self.last != self.first:
            days += f" to {date_format(self.last, 'j F Y')}"
        return f"{days}, {self.name}" if self.name else days


def read(text: str) -> Iterator[SchoolHoliday | str]:
    """Each line as a holiday, or as it stands where it is none."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        yield holiday_in(line) or line


def on(days: Iterable[date]) -> dict[date, str]:
    """What the schools are closed for, of those of the days on which they are, as far as the council has said it;
    nameless ones are ""."""
    known = [one for one in read(service.current().school_holidays) if isinstance(one, SchoolHoliday)]
    return {day: names[0] for day in days if (names := [one.name for one in known if one.first <= day <= one.last])}


def holiday_in(line: str) -> SchoolHoliday | None:
    match = LINE.fullmatch(line)
    if not match:
        return None
    *days, name = match.groups()
    try:
        first = day_of(*days[:3])
        last = day_of(*days[3:]) if days[3] else first
    except ValueError:
        return None
    return SchoolHoliday(first, last, name) if timedelta() <= last - first <= LONGEST else None


def day_of(day: str, month: str, year: str) -> date:
    return date(int(year), month_number(month), int(day))
