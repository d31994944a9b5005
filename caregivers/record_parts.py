"""What higher apps add to a caregiver's record.

Caregivers know neither sessions nor answers. An app that holds something about a caregiver adds a `RecordPart` in
its `AppConfig.ready()`:

    parts.add(RecordPart("register", events=register_events))
    parts.add(RecordPart("reports", withdrawn=mark_superseded))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from caregivers.models import (
    Caregiver,
    Consent,
)
from ppg.hooks import Hook
from ppg.models import User


@dataclass(frozen=True)
class Event:
    """One line of the record: when (a date where the time does not matter), what, and a little more. `recorded` is when
    it was written down, where that is known and may be later than it happened: lines stand in that order."""

    at: date | datetime
    text: str
    detail: str = ""
    url: str = ""
    recorded: datetime | None = None

    @property
    def has_time(self) -> bool:
        return isinstance(self.at, datetime)

    @property
    def day(self) -> date:
        return timezone.localdate(self.at) if isinstance(self.at, datetime) else self.at

    @property
    def recorded_on(self) -> date | None:
        """The day on which it was written down, if it was another one."""
        recorded = timezone.localdate(self.recorded) if self.recorded else self.day
        return recorded if recorded != self.day else None

    @property
    def moment(self) -> datetime:
        """Where it stands among the others. Of a day alone nothing is known but that it begins."""
        if self.recorded:
            return self.recorded
        return self.at if isinstance(self.at, datetime) else timezone.make_aware(datetime.combine(self.at, time.min))


@dataclass(frozen=True)
class InConfidence:
    """Something of theirs that was promised to be read by nobody else: that it is there, and how they get it.

    to_staff  what staff can do, in a sentence
    label, url  the button that does it
    """

    what: str
    to_staff: str
    label: str
    url: str


@dataclass(frozen=True)
class OwnPress:
    """The same on their own page, to them. Staff may hold that page's link, so a press there only sends something."""

    title: str
    text: str
    label: str = ""  # no button without one
    url_name: str = ""  # an address that takes the page's token


Held = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class RecordPart:
    """`events(caregiver, user)` tells what happened, as far as the user may see it.

    `withdrawn(caregiver, kind, at)` runs in the transaction of a withdrawal, so that it takes effect at once.
    `left_behind(caregiver, kind, at)` says what was made from a consent before it was taken back and cannot be called
    back, in sentences to the caregiver.
    `held(caregiver)` is everything held about them, by heading: a list of rows (words → plain value); other people's
    names are not in it, nor what was promised to be read by nobody.
    `in_confidence(caregiver)` is what was promised so, as staff are told of it; `own_page(caregiver)` the same as their
    own page tells them. `counts(caregivers)` is how much of what will go, in words and numbers, for many at once.
    `erase(caregiver, at, keep_figures)` runs in the transaction that erases them; with `keep_figures` (their time is
    over) what the group's figures are made of stays, without anybody behind it.
    """

    name: str
    events: Callable[[Caregiver, User], Iterable[Event]] | None = None
    withdrawn: Callable[[Caregiver, str, datetime], None] | None = None
    left_behind: Callable[[Caregiver, str, datetime], Iterable[str]] | None = None
    held: Callable[[Caregiver], Held] | None = None
    in_confidence: Callable[[Caregiver], Iterable[InConfidence]] | None = None
    own_page: Callable[[Caregiver], Iterable[OwnPress]] | None = None
    counts: Callable[[QuerySet[Caregiver]], Mapping[str, int]] | None = None
    erase: Callable[[Caregiver, datetime, bool], None] | None = None


parts: Hook[RecordPart] = Hook(
    "What is held about a caregiver: shown, given to them, withdrawn and erased.", key=lambda part: part.name
)


def tell_withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    for part in parts:
        if part.withdrawn:
            part.withdrawn(caregiver, kind, at)


def left_behind(last: Consent) -> list[str]:
    """What a consent that was taken back has left behind, for the receipt."""
    found: list[str] = []
    for part in parts:
        if part.left_behind:
            found.extend(part.left_behind(last.caregiver, last.kind, last.at))
    return found


def in_confidence(caregiver: Caregiver) -> list[InConfidence]:
    return [one for part in parts if part.in_confidence for one in part.in_confidence(caregiver)]


def own_page(caregiver: Caregiver) -> list[OwnPress]:
    return [one for part in parts if part.own_page for one in part.own_page(caregiver)]


def erase_all(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    for part in parts:
        if part.erase:
            part.erase(caregiver, at, keep_figures)
