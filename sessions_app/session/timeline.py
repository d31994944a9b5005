"""An agenda at its times of day: items and a start in, times out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple


class Slot(NamedTuple):
    """`item` from `start` to `end`; no item where the plan leaves time open."""

    start: datetime
    end: datetime
    item: Any


def at_times(starts_at: datetime, minutes: int, items: Iterable[Any]) -> list[Slot]:
    """Items in order at their times, for a session of `minutes` minutes.

    Counted items follow one another from the start. Uncounted ones before the first of them lie before the start and
    end with it (setting up the room); the other uncounted ones come after the session's whole length (clearing up),
    or after the last item where the plan runs over. What the counted items leave open is a slot without an item.
    An item that is left out keeps its place and takes no time.
    """
    items = list(items)
    first = next((index for index, item in enumerate(items) if item.counted), len(items))
    before, rest = items[:first], items[first:]
    during = [item for item in rest if item.counted]
    after = [item for item in rest if not item.counted]

    slots = in_sequence(starts_at - length(before), before)
    slots += in_sequence(starts_at, during)
    planned_end, end = starts_at + length(during), starts_at + timedelta(minutes=minutes)
    if during and planned_end < end:
        slots.append(Slot(planned_end, end, None))
    return slots + in_sequence(max(planned_end, end), after)


def in_sequence(start: datetime, items: Iterable[Any]) -> list[Slot]:
    slots = []
    for item in items:
        end = start + length([item])
        slots.append(Slot(start, end, item))
        start = end
    return slots


def length(items: Iterable[Any]) -> timedelta:
    return timedelta(minutes=sum(item.minutes for item in items if not item.left_out))
