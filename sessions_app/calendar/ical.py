"""Sessions as an iCalendar text (RFC 5545): meetings in, text out. No database, no request.

Whoever looks over the shoulder at somebody's calendar learns a time and the service's public name: no title of a
session, no place, no group. A cancelled session stays in it, since programs that keep what is gone would go on showing
it as before: its title says that it is cancelled, and its time is free for something else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LOOK_AGAIN = timedelta(hours=1)  # how often we ask calendars to fetch the feed


@dataclass(frozen=True)
class Meeting:
    """One entry. `code` is the session's; `changed_at` and `changes` say when it was last moved or cancelled, and
    how often."""

    code: str
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    changed_at: datetime
    changes: int


def uid(code: str) -> str:
    """The entry's name: the same in every fetch and after every move, and of no use as an address here."""
    return hashlib.sha256(f"calendar entry {code}".encode()).hexdigest()[:32]


def as_text(meetings: Iterable[Meeting], *, name: str, title: str, cancelled_title: str) -> bytes:
    """The feed: lines of at most 75 octets ending in CRLF, times in UTC, text escaped."""
    from icalendar import Calendar, Event, vDuration, vText  # slow to load, and needed by this feed only

    feed = Calendar()
    feed.add("prodid", "-//meetings//calendar feed//EN")  # the product's own name would tell
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", vText(name))  # icalendar escapes only what it knows as text by itself
    feed.add("refresh-interval", LOOK_AGAIN, {"value": "DURATION"})
    feed.add("x-published-ttl", vDuration(LOOK_AGAIN))  # the same for Outlook, which does not know the standard's word
    for meeting in meetings:
        entry = Event()
        entry.add("uid", uid(meeting.code))
        entry.add("summary", cancelled_title if meeting.cancelled else title)
        entry.add("dtstart", meeting.starts_at.astimezone(UTC))
        entry.add("dtend", meeting.ends_at.astimezone(UTC))
        entry.add("dtstamp", meeting.changed_at.astimezone(UTC))
        entry.add("last-modified", meeting.changed_at.astimezone(UTC))
        entry.add("sequence", meeting.changes)
        entry.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
        entry.add("transp", "TRANSPARENT" if meeting.cancelled else "OPAQUE")
        entry.add("class", "PRIVATE")
        feed.add_component(entry)
    return feed.to_ical()
