"""The register as it stands: places and marks in, rows out. No database, no request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers import names
from caregivers.models import Place
from ppg.time_of_day import clock, day_and_clock
from sessions_app.models import ATTENDED, ON_THE_DAY, MarkState, RegisterMark

# The ticks a row offers, in the order of the buttons. Undoing is a tick too: `MarkState.OPEN`.
TICKS = [state for state in MarkState if state != MarkState.OPEN]
BEFORE_ITS_DAY = [MarkState.APOLOGIES]  # what a row offers before the session's day

OLDEST_SECONDS = 28 * 24 * 60 * 60  # a device that says it kept a tick for longer has lost its clock
NIGHT_ENDS_AT = 4  # o'clock: what a device kept of the evening is gone
JITTER = timedelta(seconds=30)  # by how much the way of two ticks to the server can differ


@dataclass(frozen=True)
class RegisterRow:
    """One person on the register of one session."""

    place: Place
    called: str
    mark: RegisterMark | None  # the one that counts
    joined_later: bool = False
    overruled: RegisterMark | None = None  # the viewer's own, where a colleague's later one says something else

    @property
    def state(self) -> str:
        return self.mark.state if self.mark else MarkState.OPEN

    @property
    def notice(self) -> str:
        """What the row says of its tick."""
        if self.mark is None:
            return ""
        words = {"at": time_of(self.mark), "by": self.mark.recorded_by.first_name}
        if self.overruled:
            words |= {"label": self.mark.get_state_display(), "yours": time_of(self.overruled)}
            if self.is_open:
                return _("%(by)s undid it at %(at)s; yours of %(yours)s is in the history.") % words
            return _("%(by)s ticked %(label)s at %(at)s; yours of %(yours)s is in the history.") % words
        return (_("Undone at %(at)s by %(by)s") if self.is_open else _("Saved at %(at)s by %(by)s")) % words

    @property
    def is_open(self) -> bool:
        return self.state == MarkState.OPEN

    @property
    def is_other(self) -> bool:
        """One of the exceptions that a row offers under "Other"."""
        return self.state not in (MarkState.OPEN, MarkState.PRESENT)

    @property
    def is_here(self) -> bool:
        return self.state in ATTENDED


def latest(marks: Iterable[RegisterMark]) -> RegisterMark | None:
    """The mark that counts of one person's: the one made last, and of two made at once the one that came last."""
    return max(marks, key=order, default=None)


def standing(marks: Iterable[RegisterMark]) -> dict[int, RegisterMark]:
    """Of a session's marks the one that counts of each person, by the key of their place."""
    return {place: max(of_place, key=order) for place, of_place in by_place(marks).items()}


def order(mark: RegisterMark) -> tuple[datetime, int]:
    return mark.made_at, mark.pk


def overruled(marks: Iterable[RegisterMark], viewer_id: int) -> RegisterMark | None:
    """Of one person's marks, the viewer's own last tick, where a colleague's later one says something else."""
    marks = list(marks)
    counts = latest(marks)
    viewer_mark = latest(mark for mark in marks if mark.recorded_by_id == viewer_id)
    if counts is None or viewer_mark is None or viewer_mark.state in (MarkState.OPEN, counts.state):
        return None
    return viewer_mark if counts.recorded_by_id != viewer_id else None


def made_at(now: datetime, ago_seconds: float, before: RegisterMark | None, by_id: int) -> datetime:
    """When a tick was made that waited on its device and arrives `now`; `before` is the one that counts so far.

    A device sends its ticks in order, but one may travel longer than the next: what the same person ticked just
    before stays before. And what lies in the future was written while the server's clock was wrong.
    """
    made = now - timedelta(seconds=min(max(ago_seconds, 0), OLDEST_SECONDS))
    if before and made < before.made_at:
        travelled = before.recorded_by_id == by_id and before.made_at - made < JITTER
        if travelled or before.made_at > now:
            return before.made_at
    return made


def keep_seconds(now: datetime) -> int:
    """For how long a device may keep a copy of the register: until the night, never longer than a sign-in lasts."""
    here = timezone.localtime(now)
    night = here.replace(hour=NIGHT_ENDS_AT, minute=0, second=0, microsecond=0)
    if night <= here:
        night += timedelta(days=1)
    return min(int(night.timestamp() - now.timestamp()), settings.SESSION_COOKIE_AGE)


def was_in_group(place: Place, day: date) -> bool:
    """Whether somebody without a tick so far can be ticked in the session of that day."""
    left_after = place.left_on is not None and place.left_on > day
    return place.state == Place.State.TAKEN or (place.state == Place.State.LEFT and left_after)


def rows(places: Sequence[Place], marks: Iterable[RegisterMark], day: date, viewer_id: int = 0) -> list[RegisterRow]:
    """Everybody by the name they are called, those who joined only after the session's `day` last."""
    called_by, marks_of = called(places), by_place(marks)
    late = joined_later(places, day)
    made = [
        RegisterRow(place, called_by[place.pk], latest(of_place), place.pk in late, overruled(of_place, viewer_id))
        for place in places
        for of_place in [marks_of.get(place.pk, [])]
    ]
    return sorted(made, key=lambda row: (row.joined_later, row.called.casefold(), row.place.pk))


def by_place(marks: Iterable[RegisterMark]) -> dict[int, list[RegisterMark]]:
    marks_of: dict[int, list[RegisterMark]] = {}
    for mark in marks:
        marks_of.setdefault(mark.place_id, []).append(mark)
    return marks_of


def joined_later(places: Sequence[Place], day: date) -> set[int]:
    """Who had no place yet on that day. Where nobody had one the group was typed in afterwards: then nobody is."""
    later = {place.pk for place in places if place.taken_on and place.taken_on > day}
    return later if len(later) < len(places) else set()


def called(places: Iterable[Place]) -> dict[int, str]:
    """What each is called, by their place."""
    places = list(places)
    people = names.called(place.caregiver for place in places)
    return {place.pk: people[place.caregiver_id] for place in places}


def nobody_ticked(rows: Collection[RegisterRow]) -> bool:
    """There are people to tick, and of none it says whether they were there: apologies alone are no register."""
    expected = any(not row.joined_later for row in rows)
    return expected and not any(row.state in ON_THE_DAY for row in rows)


def here(rows: Iterable[RegisterRow]) -> tuple[int, int]:
    """How many are or were here, of how many: who joined later counts only once ticked."""
    return count(rows, ATTENDED)


def sent_apologies(rows: Iterable[RegisterRow]) -> tuple[int, int]:
    return count(rows, [MarkState.APOLOGIES])


def count(rows: Iterable[RegisterRow], states: Collection[str]) -> tuple[int, int]:
    counted = [row for row in rows if not (row.joined_later and row.is_open)]
    return sum(row.state in states for row in counted), len(counted)


def time_of(mark: RegisterMark) -> str:
    """When it was made: the time, and the day too where that is another than the session's."""
    at = timezone.localtime(mark.made_at)
    return clock(at) if at.date() == mark.session.day else day_and_clock(at, "j F")
