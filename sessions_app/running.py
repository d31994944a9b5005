"""A session while it runs: its items, the steps taken and a time in; how things stand out. No database, no request.

Counted items make up the session's clock, in the plan's order; the others (setting up, clearing up) lie outside it.
Times are the server's. Seconds inside, minutes where a person reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programmes.models import ItemKind
from sessions_app.models import SessionStep

Kind = SessionStep.Kind
LATE_START = timedelta(hours=1)  # begun further from its time than this, a session is held against its own start


class Phase(TextChoices):
    BEFORE = "before", gettext_lazy("Not started")
    RUNNING = "running", gettext_lazy("Running")
    BREAK = "break", gettext_lazy("Break")  # one that was not planned; the item now waits
    ENDED = "ended", gettext_lazy("Ended")


class Level(TextChoices):
    """How pressing the time left is; static/js/run-clock.js says the same."""

    CALM = "calm", ""
    AMBER = "amber", gettext_lazy("Coming to an end")  # a fifth is left
    RED = "red", gettext_lazy("Almost over")  # a twentieth is left
    OVER = "over", gettext_lazy("Over its time")


class Happened(TextChoices):
    OPEN = "open", gettext_lazy("Not yet")
    DONE = "done", gettext_lazy("As planned")
    SHORTENED = "shortened", gettext_lazy("Shortened")
    EXTENDED = "extended", gettext_lazy("Extended")
    ADDED = "added", gettext_lazy("Added")
    LEFT_OUT = "left_out", gettext_lazy("Left out")


class Step(Protocol):
    """What the timeline needs to know of a step."""

    kind: str
    item_id: int | None
    minutes: int | None
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of one item."""

    item: Any
    planned: int  # minutes in the session's plan
    actual: float | None  # minutes it took, None where it never began
    happened: Happened

    @property
    def took(self) -> int | None:
        """`actual` in whole minutes."""
        return None if self.actual is None else round(self.actual)


# --- What a step does --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """How things stand right after a step. Items by their primary key; one is on at a time, or none."""

    queue: tuple[int, ...]  # what comes next, in this order
    out: frozenset[int]  # left out, by the plan or on the way
    over: frozenset[int] = frozenset()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    since: datetime | None = None  # up to when time is accounted for
    now: int | None = None  # the item on, or waiting for a break to end
    break_at: datetime | None = None
    break_minutes: int = 0
    spent: Mapping[int, float] = field(default_factory=dict)  # seconds by item
    more: Mapping[int, int] = field(default_factory=dict)  # minutes given by item
    breaks: float = 0  # seconds of unplanned breaks
    free: float = 0  # seconds with nothing on, after the last item

    @property
    def phase(self) -> Phase:
        if self.ended_at:
            return Phase.ENDED
        if not self.started_at:
            return Phase.BEFORE
        return Phase.BREAK if self.break_at else Phase.RUNNING

    def until(self, at: datetime) -> Moment:
        """The time since the last step goes to what was on meanwhile."""
        if self.since is None or self.ended_at:
            return self
        seconds = max(0.0, (at - self.since).total_seconds())
        stand = replace(self, since=max(at, self.since))
        if self.break_at:
            return replace(stand, breaks=self.breaks + seconds)
        if self.now is None:
            return replace(stand, free=self.free + seconds)
        return replace(stand, spent={**self.spent, self.now: self.spent.get(self.now, 0.0) + seconds})

    def begin(self, pk: int | None) -> Moment:
        """The item is on from here, whatever was on before; with None, nothing is."""
        return replace(
            self,
            now=pk,
            queue=tuple(one for one in self.queue if one != pk),
            out=self.out - {pk},
            spent=self.spent if pk is None else {pk: 0.0, **self.spent},
            break_at=None,
        )

    def begin_next(self) -> Moment:
        return self.begin(self.queue[0] if self.queue else None)

    def close(self) -> Moment:
        """The item now is over."""
        return replace(self, now=None, over=self.over if self.now is None else self.over | {self.now})


def before(items: Iterable[Any]) -> Moment:
    counted = [item for item in items if item.counted]
    return Moment(
        queue=tuple(item.pk for item in counted if not item.left_out),
        out=frozenset(item.pk for item in counted if item.left_out),
    )


def after(stand: Moment, step: Step, at: datetime) -> Moment:
    """How things stand after a step that `why_not` allows. Undo is not one of them: it goes back a moment."""
    stand, minutes = stand.until(at), step.minutes or 0
    pk: Any = step.item_id  # there where it is needed: `why_not` has seen to that
    on: Any = stand.now
    match step.kind:
        case Kind.START:
            if stand.phase == Phase.BEFORE:
                stand = replace(stand, started_at=at, since=at)
                return stand.begin_next() if pk is None else stand.begin(pk)
            return (stand if on == pk else stand.close()).begin(pk)
        case Kind.FINISH:
            return stand.close().begin_next()
        case Kind.SKIP if pk == on:
            left = replace(stand, out=stand.out | {pk}, now=None)
            return left if stand.break_at else left.begin_next()
        case Kind.SKIP:
            return replace(stand, out=stand.out | {pk}, queue=tuple(one for one in stand.queue if one != pk))
        case Kind.SWAP:
            rest = tuple(one for one in stand.queue if one != pk)
            return replace(stand, queue=(pk, *rest), out=stand.out - {pk})
        case Kind.EXTEND if stand.break_at:
            return replace(stand, break_minutes=stand.break_minutes + minutes)
        case Kind.EXTEND:
            return replace(stand, more={**stand.more, on: stand.more.get(on, 0) + minutes})
        case Kind.BREAK:
            return replace(stand, break_at=at, break_minutes=minutes)
        case Kind.END:
            return replace(stand, ended_at=at)
    raise ValueError(step.kind)


# --- What may be done when ---------------------------------------------------------------------------

# The one table: phase → what may be done in it. docs/decisions/running-a-session.md shows it.
MAY = {
    Phase.BEFORE: {Kind.START},
    Phase.RUNNING: {Kind.START, Kind.FINISH, Kind.SKIP, Kind.EXTEND, Kind.SWAP, Kind.BREAK, Kind.END, Kind.UNDO},
    Phase.BREAK: {Kind.START, Kind.FINISH, Kind.SKIP, Kind.EXTEND, Kind.SWAP, Kind.END, Kind.UNDO},
    Phase.ENDED: {Kind.UNDO},
}
NOT_IN = {
    Phase.BEFORE: gettext_lazy("The session has not started yet."),
    Phase.BREAK: gettext_lazy("You are on a break already. Give it 5 more minutes instead."),
    Phase.ENDED: gettext_lazy("The session has ended. Undo that first if it should go on."),
}


def why_not(stand: Moment, items: Mapping[int, Any], kind: str, pk: int | None = None) -> str:
    """The sentence that refuses a step, or nothing. The page says it beside the button, the action when pressed."""
    if kind not in MAY[stand.phase]:
        if kind == Kind.UNDO:
            return _("There is nothing to undo.")
        return str(NOT_IN[stand.phase])
    if pk is not None and pk not in items:
        return _("This lies outside the session’s time.")
    if kind in (Kind.START, Kind.SKIP, Kind.SWAP) and pk is not None:
        return why_not_item(stand, kind, pk, items[pk].title)
    if kind == Kind.START and stand.phase != Phase.BEFORE:
        return _("The session is running already.")
    if kind in (Kind.SKIP, Kind.SWAP):
        return _("Choose which one.")
    nothing_on = stand.now is None and stand.phase == Phase.RUNNING
    if kind in (Kind.FINISH, Kind.EXTEND) and nothing_on:
        return _("Nothing is on at the moment.")
    if kind == Kind.BREAK and stand.now is not None and items[stand.now].kind == ItemKind.BREAK:
        return _("This is a break already. Give it 5 more minutes instead.")
    return ""


def why_not_item(stand: Moment, kind: str, pk: int, title: str) -> str:
    named = {"title": title}
    if pk in stand.over:
        return _("“%(title)s” is over already.") % named
    if pk == stand.now and (kind == Kind.SWAP or (kind == Kind.START and stand.phase == Phase.RUNNING)):
        return _("“%(title)s” is on now.") % named
    if kind == Kind.SKIP and pk in stand.out:
        return _("“%(title)s” is left out already.") % named
    if kind == Kind.SWAP and stand.queue[:1] == (pk,):
        return _("“%(title)s” comes next already.") % named
    return ""


def replay(items: Iterable[Any], steps: Iterable[Step]) -> tuple[list[Moment], list[Step]]:
    """The moments that count, from before the start to now, and the steps that led from each to the next.

    A step that makes no sense is passed over: the plan may have been changed since it was made. A clock that was
    set back stands still until it has caught up.
    """
    items = list(items)
    counted = {item.pk: item for item in items if item.counted}
    moments, taken = [before(items)], list[Step]()
    clock: datetime | None = None
    for step in steps:
        clock = step.at if clock is None else max(clock, step.at)
        if why_not(moments[-1], counted, step.kind, step.item_id):
            continue
        if step.kind == Kind.UNDO:
            moments.pop()
            taken.pop()
        else:
            moments.append(after(moments[-1], step, clock))
            taken.append(step)
    return moments, taken


# --- What became of each item ------------------------------------------------------------------------


def outcomes(items: Iterable[Any], steps: Iterable[Step]) -> list[Outcome]:
    """What became of each counted item, in the plan's order. Before the end, what is still to come is open."""
    items = list(items)
    return outcomes_at(items, replay(items, steps)[0][-1])


def outcomes_at(items: Sequence[Any], stand: Moment) -> list[Outcome]:
    from_guide = any(item.source_id for item in items)
    found = []
    for item in items:
        if item.counted:
            seconds = stand.spent.get(item.pk)
            actual = None if seconds is None else seconds / 60
            found.append(Outcome(item, item.minutes, actual, happened(item, stand, from_guide)))
    return found


def happened(item: Any, stand: Moment, from_guide: bool) -> Happened:
    """Within a minute or a tenth of its length, whichever is more, an item went as planned.

    An item that the guide does not know was added, however long it took.
    """
    seconds, planned = stand.spent.get(item.pk), item.minutes * 60
    ended = stand.ended_at is not None
    to_come = seconds is None or item.pk in stand.queue  # one that was left out on its way may have come back
    if item.pk in stand.out or (to_come and ended):
        return Happened.LEFT_OUT
    if seconds is None or to_come or (item.pk == stand.now and not ended):
        return Happened.OPEN
    if from_guide and item.source_id is None:
        return Happened.ADDED
    if abs(seconds - planned) <= max(60, planned / 10):
        return Happened.DONE
    return Happened.SHORTENED if seconds < planned else Happened.EXTENDED
