"""When the council's schools are closed, as an administrator types it or pastes it from the council's term dates:
one a line, a day or from and to, and a name before or after.

19 December 2026 to 3 January 2027, Christmas
Half-term: Monday 15 to Friday 19 February 2027
2/11/26 Training day
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.formats import date_format

from ppg.forms.dates import THIS_CENTURY, day_of, month_number
from ppg.service_details import service

LONGEST = timedelta(days=100)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[\s,]+)?"
APART = r"\s*[ ./-]\s*"
MONTH = r"\d{1,2}|[A-Za-z]{3,9}"
YEAR = r"(?:\d{4}|\d{2})(?!\d)"
FIRST = rf"{WEEKDAY}(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:{APART}(?P<m1>{MONTH})(?:{APART}(?P<y1>{YEAR}))?)?"
LAST = rf"{WEEKDAY}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?{APART}(?P<m2>{MONTH}){APART}(?P<y2>{YEAR})"
LINE = re.compile(
    rf"(?P<before>\D{{0,80}}?)[\s,:(–—-]*(?:from\s+)?"
    rf"(?:{FIRST}\s*(?:to|until|-|–|—)\s*)?{LAST}[\s,:)–—-]*(?P<after>.*)",
    re.IGNORECASE,
)


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
    *first, last_day, last_month, last_year = match.group("d1", "m1", "y1", "d2", "m2", "y2")
    try:
        last = day_of((last_day, last_month, last_year), THIS_CENTURY, date.max)
        begins = first_day(first, last)
    except ValueError:
        return None
    name = " ".join(filter(None, (match["before"].strip(), match["after"].strip())))
    return SchoolHoliday(begins, last, name) if timedelta() <= last - begins <= LONGEST else None


def first_day(parts: list[str | None], last: date) -> date:
    """15 to 19 February 2027, 19 December to 3 January 2027: what is not said is as in the last day, or the year
    before."""
    day, month, year = parts
    if not day:
        return last
    if not month:
        return last.replace(day=int(day))
    if year:
        return day_of((day, month, year), THIS_CENTURY, date.max)
    number = month_number(month)
    this_year = date(last.year, number, int(day))
    return this_year if this_year <= last else date(last.year - 1, number, int(day))
