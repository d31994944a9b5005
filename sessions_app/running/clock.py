"""A session while it runs: its items, the steps taken and a time in; how things stand out. No database, no request.

Counted items make up the session's clock, in the plan's order; the others (setting up, clearing up) lie outside it.
Times are the server's. Seconds inside, minutes where a person reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    AMBER = "amber", gettext_lazy("Nearly time")  # a fifth is left
    RED = "red", gettext_lazy("Almost over")  # a twentieth is left
    OVER = "over", gettext_lazy("Over time")


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
    took: int | None  # the same in whole minutes
    happened: Happened


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
        return _("“%(title)s” is skipped already.") % named
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


# --- How things stand now ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """A session at one moment. Seconds: `left` and `behind` are negative once over the time, or ahead of the plan."""

    at: datetime
    stand: Moment
    items: Mapping[int, Any]  # the counted ones
    taken: tuple[Step, ...]  # the steps that count, the last of them being what Undo takes back
    planned: int  # what is on has so long, minutes given included; 0 where nothing is on
    elapsed: float
    plan_starts_at: datetime | None
    newest: Step | None = None  # the last step of all, whether it counts or not

    @property
    def phase(self) -> Phase:
        return self.stand.phase

    @property
    def item(self) -> Any:
        """The item on, or the one that waits for the break to end."""
        return None if self.stand.now is None else self.items[self.stand.now]

    @property
    def next(self) -> list[Any]:
        return [self.items[pk] for pk in self.stand.queue]

    @property
    def on_clock(self) -> bool:
        return self.phase == Phase.BREAK or (self.phase == Phase.RUNNING and self.stand.now is not None)

    @property
    def left(self) -> float:
        return self.planned - self.elapsed

    @property
    def clock(self) -> str:
        """The time left as minutes and seconds; over the time, by how much, with a plus."""
        seconds = ceil(self.left) if self.left >= 0 else -floor(-self.left)
        text = f"{abs(seconds) // 60}:{abs(seconds) % 60:02}"
        return f"+{text}" if self.left < 0 else text

    @property
    def pace(self) -> str:
        """How the plan is kept, in words. Less than a minute is none."""
        minutes = int(abs(self.behind) // 60)
        if not minutes:
            return _("On time")
        if self.behind > 0:
            return ngettext("%(n)s minute behind", "%(n)s minutes behind", minutes) % {"n": minutes}
        return ngettext("%(n)s minute ahead", "%(n)s minutes ahead", minutes) % {"n": minutes}

    @property
    def share(self) -> float:
        """How much of its time is gone, in hundredths, for the bar."""
        return min(100.0, 100 * self.elapsed / self.planned) if self.planned else 100.0

    @property
    def break_minutes(self) -> int:
        return round(self.stand.breaks / 60)

    @property
    def last(self) -> Any:
        """The step that Undo takes back."""
        return self.taken[-1] if self.taken else None

    @property
    def last_is_newest(self) -> bool:
        """Whether the step that Undo takes back is the one pressed last: not so once it was an undo itself."""
        return self.last is not None and self.last is self.newest

    @property
    def last_title(self) -> str:
        """The item which that step names."""
        item = self.items.get(self.last.item_id) if self.last else None
        return item.title if item else ""

    @property
    def level(self) -> Level:
        return level(self.left, self.planned) if self.on_clock else Level.CALM

    @property
    def deadline(self) -> datetime:
        """When the time of what is on is up."""
        return self.at + timedelta(seconds=self.left)

    @property
    def ends_at(self) -> datetime | None:
        """When the session ends if everything from now on takes the time it has; None before it began."""
        if self.phase == Phase.BEFORE:
            return None
        return self.at if self.phase == Phase.ENDED else self.at + timedelta(seconds=self.to_come)

    @property
    def to_come(self) -> float:
        """Seconds from now to the end at best: what is left of what is on, and what comes after it."""
        if self.phase in (Phase.BEFORE, Phase.ENDED):
            return 0.0
        held = 0.0
        if self.phase == Phase.BREAK and self.stand.now is not None:
            held = max(0.0, planned_for(self.stand, self.items) - self.stand.spent[self.stand.now])
        return max(0.0, self.left) + held + 60 * sum(item.minutes for item in self.next)

    @property
    def plan(self) -> int:
        """Seconds that the plan gives to all that it does not leave out."""
        return 60 * sum(item.minutes for item in self.items.values() if not item.left_out)

    @property
    def behind(self) -> float:
        """By how much the end, as things go, is later than the plan's: what took longer or was added, breaks and a
        late start, less what took shorter or is left out."""
        if self.ends_at is None or self.plan_starts_at is None:
            return 0.0
        return (self.ends_at - self.plan_starts_at).total_seconds() - self.plan

    def why_not(self, kind: str, item: Any = None) -> str:
        return why_not(self.stand, self.items, kind, None if item is None else item.pk)

    def outcomes(self) -> list[Outcome]:
        return outcomes_at(list(self.items.values()), self.stand)


def state(items: Iterable[Any], steps: Iterable[Step], now: datetime, starts_at: datetime | None = None) -> Running:
    """How the session stands at `now`. `starts_at` is when it should have begun."""
    items, steps = list(items), list(steps)
    moments, taken = replay(items, steps)
    last = moments[-1]
    stand = last.until(last.ended_at or now)
    counted = {item.pk: item for item in items if item.counted}
    at = now if stand.since is None else stand.since
    planned, elapsed = 0, 0.0
    if stand.phase == Phase.BREAK:
        planned, elapsed = stand.break_minutes * 60, (at - (stand.break_at or at)).total_seconds()
    elif stand.now is not None:
        planned, elapsed = planned_for(stand, counted), stand.spent[stand.now]
    newest = steps[-1] if steps else None
    return Running(at, stand, counted, tuple(taken), planned, elapsed, plan_start(stand.started_at, starts_at), newest)


def planned_for(stand: Moment, items: Mapping[int, Any]) -> int:
    """Seconds that the item on has: its own and those it was given."""
    on: Any = stand.now
    return 60 * (items[on].minutes + stand.more.get(on, 0))


def plan_start(started_at: datetime | None, starts_at: datetime | None) -> datetime | None:
    """A late start is behind the plan, but a session run on another day is held against its own start."""
    if started_at and starts_at and abs(started_at - starts_at) <= LATE_START:
        return starts_at
    return started_at


def level(left: float, planned: float) -> Level:
    """Amber when a fifth or less is left of the minutes planned, red when a twentieth or less, then over."""
    if left < 0:
        return Level.OVER
    if left <= planned / 20:
        return Level.RED
    return Level.AMBER if left <= planned / 5 else Level.CALM


def films(item: Any) -> list[tuple[Any, str]]:
    """What an item uses, each with the address that opens it, at its start point where the site can do that."""
    return [(use.resource, at_start(use.resource.url, use.resource.starts_at)) for use in item.uses_in_order.all()]


def at_start(url: str, starts_at: str) -> str:
    """The address of a film from its start point on ("2:20", "1:02:20"), for the sites known to understand it."""
    parts = starts_at.split(":")
    if not url or not starts_at or not all(part.isdecimal() for part in parts):
        return url
    seconds = sum(int(part) * 60**power for power, part in enumerate(reversed(parts)))
    address = urlsplit(url)
    host = (address.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com"):
        name = "start" if address.path.startswith("/embed/") else "t"
        query = [(key, value) for key, value in parse_qsl(address.query) if key not in ("t", "start")]
        return urlunsplit(address._replace(query=urlencode([*query, (name, str(seconds))])))
    if host in ("vimeo.com", "player.vimeo.com"):
        return urlunsplit(address._replace(fragment=f"t={seconds}s"))
    return url


# --- What became of each item ------------------------------------------------------------------------


def outcomes(items: Iterable[Any], steps: Iterable[Step]) -> list[Outcome]:
    """What became of each counted item, in the plan's order. Before the end, what is still to come is open."""
    items = list(items)
    return outcomes_at(items, replay(items, steps)[0][-1])


def final_outcomes(items: Iterable[Any], steps: Iterable[Step], ends_at: datetime, now: datetime) -> list[Outcome]:
    """What became of each counted item, as if the session ended now at the latest; nothing where it was not run by the
    clock. `ends_at` is its end by the plan."""
    items, steps = list(items), list(steps)
    if replay(items, steps)[0][-1].phase == Phase.BEFORE:
        return []
    if ended_at := forgotten_end(items, steps, ends_at, now):
        steps.append(SessionStep(kind=Kind.END, at=ended_at))
    return outcomes(items, steps)


def forgotten_end(items: Iterable[Any], steps: Iterable[Step], ends_at: datetime, now: datetime) -> datetime | None:
    """When a session ended whose end nobody pressed: by its plan, not before the last press and not in the future.
    None where the end was pressed, or the session not run by the clock."""
    steps = list(steps)
    if replay(items, steps)[0][-1].phase in (Phase.BEFORE, Phase.ENDED):
        return None
    return min(now, max(ends_at, steps[-1].at))


def outcomes_at(items: Sequence[Any], stand: Moment) -> list[Outcome]:
    from_guide = any(item.source_id for item in items)
    results = []
    for item in items:
        if item.counted:
            seconds = stand.spent.get(item.pk)
            actual, took = (None, None) if seconds is None else (seconds / 60, round(seconds / 60))
            results.append(Outcome(item, item.minutes, actual, took, happened(item, stand, from_guide)))
    return results


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
