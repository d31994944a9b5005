"""Days as people type and paste them: whole or in three parts, with the month as a number or a name. And how far off a
day may be: each `DateField` says its earliest and its latest one, for which the usual ones stand here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone, translation
from django.utils.dates import MONTHS, WEEKDAYS, WEEKDAYS_ABBR

from ppg.typed import in_plain_signs

Parts = tuple[str, str, str]  # day, month, year, as they were typed

SHORTEST = 3  # letters of a month's name
ORDINAL = re.compile(r"(?<=\d)(st|nd|rd|th)\b", re.IGNORECASE)
BESIDE = re.compile(r"\b(the|of)\b|[,.](?=\s|$)", re.IGNORECASE)
APART = r"[\s./-]*"
BETWEEN = r"[\s./-]+"
NAME = r"[^\W\d_]{3,}\.?"
YEAR = r"'?(\d{4}|\d{2})"
NUMBERS = re.compile(rf"(\d{{1,2}}){BETWEEN}(\d{{1,2}}){BETWEEN}{YEAR}")
NAMED = re.compile(rf"(\d{{1,2}}){APART}({NAME}){APART}{YEAR}")
MONTH_FIRST = re.compile(rf"({NAME}){APART}(\d{{1,2}}){BETWEEN}{YEAR}")
YEAR_FIRST = re.compile(rf"(\d{{4}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{1,2}})")
YEAR_FIRST_IN_A_ROW = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(\d\d)")
IN_A_ROW = re.compile(r"(\d{2})(\d{2})(\d{4})")
WITHOUT_YEAR = re.compile(rf"(\d{{1,2}}){BETWEEN}(\d{{1,2}})|(\d{{1,2}}){APART}({NAME})")
MONTH_FIRST_WITHOUT_YEAR = re.compile(rf"({NAME}){APART}(\d{{1,2}})")
TIME = re.compile(r"(?<=\d)[T\s]\s*\d{1,2}:[\d:.]+\S*$")


def typed_parts(day: str, month: str, year: str) -> Parts:
    """What stands in the three boxes, each in plain figures; or the whole day that stands in one of them."""
    if whole := whole_of(day, month, year):
        return whole
    return (ORDINAL.sub("", in_plain_signs(day)), in_plain_signs(month), in_plain_signs(year).lstrip("'"))


def whole_of(day: str, month: str, year: str) -> Parts | None:
    """The whole day that stands in one of the boxes, if one does. In the first it counts even beside others that are
    filled in: those were there before somebody pasted it."""
    boxes = [TIME.sub("", in_plain_signs(box)) for box in (day, month, year)]
    for position, box in enumerate(boxes):
        alone = not any(other for at, other in enumerate(boxes) if at != position)
        if (alone or position == 0) and (whole := whole_day(box, alone=alone)):
            return whole
    return None


def whole_day(text: str, *, alone: bool = True) -> Parts | None:
    """1/9/26, 1.9.2026, 01092026, Tuesday 1st of Sept 2026, Sept 1, 2026, 2026-09-01, 20260901: the day before the
    month, as days are written here. `text` is in plain signs. `alone`: a day and a month without a year are taken too,
    so that only the year is asked for.
    """
    words = " ".join(ORDINAL.sub("", BESIDE.sub(" ", without_weekday(text))).split())
    for form in (YEAR_FIRST, YEAR_FIRST_IN_A_ROW):
        if match := form.fullmatch(words):
            return (match[3], match[2], match[1])
    for form in (NUMBERS, NAMED, IN_A_ROW):
        if match := form.fullmatch(words):
            return (match[1], match[2], match[3])
    if match := MONTH_FIRST.fullmatch(words):
        return (match[2], match[1], match[3])
    return without_year(words) if alone else None


def without_year(words: str) -> Parts | None:
    if match := WITHOUT_YEAR.fullmatch(words):
        return (match[1] or match[3], match[2] or match[4], "")
    if match := MONTH_FIRST_WITHOUT_YEAR.fullmatch(words):
        return (match[2], match[1], "")
    return None


def without_weekday(text: str) -> str:
    first, _space, rest = text.partition(" ")
    return rest if rest and first.casefold().strip(".,") in weekdays(translation.get_language()) else text


def month_number(text: str) -> int:
    """3 for "3", "03", "Mar" and "March", 9 for "Sept.", in the page's language or in English; ValueError for anything
    else."""
    if text.isdecimal():
        return int(text)
    begins = text.casefold().rstrip(".")
    for number, names in enumerate(month_names(translation.get_language()), start=1):
        if any(name == begins or (len(begins) >= SHORTEST and name.startswith(begins)) for name in names):
            return number
    raise ValueError(text)


@cache
def weekdays(language: str | None) -> frozenset[str]:
    """In this language and in English, in full and short."""
    days = [*WEEKDAYS.values(), *WEEKDAYS_ABBR.values()]
    return frozenset([*_in(language, days), *_in("en", days), "tues", "weds", "thur", "thurs"])


@cache
def month_names(language: str | None) -> list[set[str]]:
    """Of each month those in this language and in English."""
    months = [MONTHS[number] for number in range(1, 13)]
    return [set(names) for names in zip(_in(language, months), _in("en", months), strict=True)]


def _in(language: str | None, names: Iterable[Any]) -> list[str]:
    with translation.override(language):
        return [str(name).casefold() for name in names]


def day_of(parts: Parts, earliest: date, latest: date) -> date:
    """The day of that name; of a year without its century, the one in which the day is allowed. ValueError where there
    is none."""
    day, month, year = int(parts[0]), month_number(parts[1]), int(parts[2])
    if len(parts[2]) != 2:
        return date(year, month, day)
    days = [date(century + year, month, day) for century in (2000, 1900) if is_real(century + year, month, day)]
    if not days:
        raise ValueError(parts)
    return next((one for one in days if earliest <= one <= latest), days[0])


def is_real(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


# --- How far off a day may be ------------------------------------------------------------------------------

THIS_CENTURY = date(2000, 1, 1)


def today() -> date:
    return timezone.localdate()


def years_off(years: int) -> date:
    """The same day in another year; 1 March where it has no 29 February."""
    here = today()
    try:
        return here.replace(year=here.year + years)
    except ValueError:
        return date(here.year + years, 3, 1)


def ten_years_ago() -> date:
    return years_off(-10)


def in_a_year() -> date:
    return years_off(1)


def in_three_years() -> date:
    return years_off(3)


def in_ten_years() -> date:
    return years_off(10)
