"""A day as it stands in lists, in somebody's own hand or out of another program: its text in, the day out, or what is
wrong with it. The day stands before the month, as dates are written here, and nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from datetime import timezone as offset_of

from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.importing.faults import Kind, Wrong, quoted
from ppg.forms.dates import THIS_CENTURY, day_of, month_number, whole_day
from ppg.typed import in_plain_signs

EARLIEST, LATEST = THIS_CENTURY, date(2099, 12, 31)
MOST_WRITTEN = 100  # letters, with a time and a zone; what is longer is not looked through
SERIAL = re.compile(r"\d{5}([.,]\d+)?")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = re.compile(
    r"\b(mon(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b\.?"
)
WITH_TIME = re.compile(
    r"(?P<day>.+?)(?:(?<=\d)t(?=\d)|,?\s+(?:at\s+)?)"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d(?:[.,]\d+)?)?|(?P<o_clock>\d{1,2})(?:\.(?P<past>\d\d))?(?=\s*[ap]))"
    r"\s*(?P<half>[ap])?(?:\.?m\.?)?\s*(?P<zone>z|utc|gmt|bst)?(?P<offset>[+-]\d\d(?::?\d\d)?)?(?:\s*\([a-z ]+\))?"
)
WITHOUT_DAY = re.compile(r"(?P<name>[^\W\d_]{3,})\.?[ ./-]*'?(\d{4}|\d\d)|\d{1,2}[./-]\d{4}|\d{4}[./-]\d{1,2}|\d{4}")


def past_day(text: str, today: date) -> date | None:
    """A day up to today, or none."""
    if not text:
        return None
    found = day(text)
    if found > today:
        raise Wrong(Kind.FUTURE, _("“%(text)s” is in the future.") % {"text": quoted(text)})
    return found


def received(text: str, today: date, default: date | None) -> date:
    if found := past_day(text, today) or default:
        return found
    raise Wrong(Kind.DATE_MISSING, _("there is no date."))


def day(text: str) -> date:
    """27/3/2026, 27.3.26, Fri 27th March 2026, March 27, 2026, 20260327, and 2026-03-27T09:30:00Z as a day of here."""
    plain = in_plain_signs(text).casefold()
    if SERIAL.fullmatch(plain):
        raise _no_day(
            Kind.NUMBER,
            _("“%(text)s” is the number that a spreadsheet keeps for a date. Format the column as a date."),
            text,
        )
    if len(plain) > MOST_WRITTEN:
        raise _none(text)
    clock = WITH_TIME.fullmatch(plain)
    said = (clock["day"] if clock else plain).strip(" ,")
    written = _day(said, text)
    if (weekday := WEEKDAY.search(said)) and WEEKDAYS[written.weekday()] != weekday[0][:3]:
        raise _no_day(Kind.DATE, _("“%(text)s” was another day of the week. Look the date up."), text)
    written = _day_here(written, clock) if clock else written
    if written < EARLIEST:
        raise _none(text)
    return written


def _day(said: str, text: str) -> date:
    bare = " ".join(re.sub(r"[(),]", " ", WEEKDAY.sub(" ", said)).split())
    parts = whole_day(bare, alone=False)
    if parts is None:
        raise _in_part(bare, text)
    try:
        return day_of(parts, EARLIEST, LATEST)
    except ValueError:
        if parts[1].isdecimal() and int(parts[1]) > 12 >= int(parts[0]):
            sentence = _("“%(text)s” has the month first. Write it like 27/3/2026, and look at the other dates too.")
            raise _no_day(Kind.DATE, sentence, text) from None
        raise _none(text) from None


def _day_here(local: date, clock: re.Match[str]) -> date:
    """A moment of another zone is on a day of here: 23:30 in summer by UTC is tomorrow."""
    offset = _offset(clock)
    if offset is None:
        return local
    hour = int(clock["hour"] or clock["o_clock"]) % 24
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"] == "p" else 0)
    minute = int(clock["minute"] or clock["past"] or 0) % 60
    moment = datetime(local.year, local.month, local.day, hour, minute, tzinfo=offset_of(offset) if offset else UTC)
    return timezone.localdate(moment)


def _offset(clock: re.Match[str]) -> timedelta | None:
    """How far ahead of UTC, if it is said."""
    if sign := clock["offset"]:
        figures = sign[1:].replace(":", "").ljust(4, "0")
        minutes = min(int(figures[:2]) * 60 + int(figures[2:]), 23 * 60)
        return timedelta(minutes=-minutes if sign[0] == "-" else minutes)
    return {"bst": timedelta(hours=1), None: None}.get(clock["zone"], timedelta())


def _in_part(bare: str, text: str) -> Wrong:
    parts = whole_day(bare)
    if parts and is_month(parts[1]):
        return _no_day(Kind.DATE, _("“%(text)s” has no year. Write it like 27/3/2026."), text)
    match = WITHOUT_DAY.fullmatch(bare)
    if match and (not match["name"] or is_month(match["name"])):
        return _no_day(Kind.DATE, _("“%(text)s” has no day. Write it like 27/3/2026."), text)
    return _none(text)


def is_month(text: str) -> bool:
    try:
        return bool(month_number(text))
    except ValueError:
        return False


def _none(text: str) -> Wrong:
    return _no_day(Kind.DATE, _("“%(text)s” is not a date of this century. Write it like 27/3/2026."), text)


def _no_day(kind: Kind, sentence: str, text: str) -> Wrong:
    return Wrong(kind, sentence % {"text": quoted(text)})
