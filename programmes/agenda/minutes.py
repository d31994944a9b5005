"""An agenda's arithmetic: plain functions over items, shared by guides and sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Timed(Protocol):
    """What the arithmetic needs to know of an item."""

    minutes: int
    counted: bool


def counted_minutes(items: Iterable[Timed]) -> int:
    """Minutes of the items that count towards the session's length (not those before and after it)."""
    return sum(item.minutes for item in items if item.counted)


def unplanned_minutes(items: Iterable[Timed], length: int) -> int:
    """Minutes of a session of `length` minutes that no item fills; 0 when the items fill it or run over."""
    return max(0, length - counted_minutes(items))
