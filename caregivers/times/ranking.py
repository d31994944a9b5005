"""Which of the proposed times is best. Names and answers in, an order out; no request, no database.

The rule: most people who say yes; then fewest who cannot come; then most who can if need be; then the earlier in the
week. Whoever has not answered counts for nothing, so that an early result says how little it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

YES, MAYBE, NO = "yes", "maybe", "no"
WIDTH = 100  # of a bar


@dataclass(frozen=True)
class Tally:
    """One time and who said what about it, by the names they are called."""

    slot: Any  # has `weekday` and `starts`
    yes: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        return len(self.yes) + len(self.maybe) + len(self.no) + len(self.silent)

    @property
    def answered(self) -> int:
        return self.people - len(self.silent)

    @property
    def bar(self) -> list[tuple[str, str, str]]:
        """The parts of the bar as what they stand for, where each begins and how wide it is, of 100."""
        parts, at = [], 0.0
        for name, who in ((YES, self.yes), (MAYBE, self.maybe), (NO, self.no)):
            width = WIDTH * len(who) / self.people if self.people else 0.0
            if who:
                parts.append((name, f"{at:.2f}", f"{width:.2f}"))
            at += width
        return parts


def order(tally: Tally) -> tuple[Any, ...]:
    """The rule: what sorts first is better."""
    return -len(tally.yes), len(tally.no), -len(tally.maybe), tally.slot.weekday, tally.slot.starts


def tally(slot: Any, people: Mapping[Any, str], said: Mapping[Any, str]) -> Tally:
    """`people` are those who count, as key and name, in the order they are named; `said` is what each answered.
    An answer of somebody who no longer counts is passed over."""

    def who(answer: str | None) -> tuple[str, ...]:
        return tuple(name for key, name in people.items() if said.get(key) == answer)

    return Tally(slot, who(YES), who(MAYBE), who(NO), who(None))


def ranked(tallies: Iterable[Tally]) -> list[Tally]:
    return sorted(tallies, key=order)


def best(tallies: Sequence[Tally]) -> Tally | None:
    """The best of them, once somebody can come to it."""
    first = next(iter(ranked(tallies)), None)
    return first if first and (first.yes or first.maybe) else None
