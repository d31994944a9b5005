"""What a reader takes down of what they are told, and whether it can be added up and taken away until few are left.

For the two searches, disclosure.py over the rules and drawn.py over the pages and files themselves.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from evaluation.figures.rows import PersonRow
from evaluation.figures.shapes import Figures

SOURCES = ["hub", "caseload", "community", "interest"]
COMPLETED = 4  # of six sessions

Family = tuple[str, ...]  # numbers that can be taken from one another


@dataclass(frozen=True)
class Count:
    group: str
    sources: frozenset[str]
    step: int
    people: int  # bits
    always: bool
    live: bool = False  # read while things went on
    at: int = 0  # when it was so: how much had happened

    def holds(self, other: Count) -> bool:
        """Whether everybody knows that the other's people are among these. Of what was seen live nobody knows it of
        another day: whoever came or went in between may be of either."""
        known = self.at == other.at or not self.live
        return known and self.group == other.group and other.sources <= self.sources and other.step >= self.step


@dataclass
class Notebook:
    """What a reader takes down: family -> the people each told number rests on, as bits."""

    published: dict[Family, set[int]] = field(default_factory=lambda: defaultdict(set))
    counts: list[Count] = field(default_factory=list)
    live: bool = False  # what is read now
    at: int = 0

    def write(self, family: Family, people: list[int]) -> None:
        self.published[family].add(sum(1 << number for number in people))

    def read(self, made: Figures, who: str, people: dict[int, PersonRow], methods: dict[str, list[int]]) -> None:
        self._reach(made, who, people)
        for domain in made.domains:
            if domain.change:
                self.write(("change", domain.key), [k for k, row in people.items() if _pair(row, domain.key)])
            if domain.at_start:
                begun = {k: row for k, row in people.items() if row.before}
                has = [k for k, row in begun.items() if row.before.domains[domain.key] is not None]
                self.write(("start", domain.key, "completed"), [k for k in has if people[k].completed])
                self.write(("start", domain.key, "others"), [k for k in has if not people[k].completed])
        for way in made.ways:
            if way.n:
                both = [
                    2 * k + i
                    for k, row in people.items()
                    for i, s in enumerate((row.before, row.after))
                    if s and s.way == way.way
                ]
                self.write(("ways", way.way), both)
        for method in made.methods:
            self.write(("method", method.method), methods[method.method])

    def _reach(self, made: Figures, group: str, people: dict[int, PersonRow]) -> None:
        """Counts of people, each with what everybody knows of it: the group, the sources and how far they came."""
        steps = {"referred": -1, "offered": 0, "started": 1, "completed": COMPLETED}
        named = {row.source for row in made.reach.by_source}
        for step in steps.values():
            self.count(group, frozenset(SOURCES), step, people, always=True)
        for row in made.reach.by_source:
            sources = frozenset([row.source] if row.source else set(SOURCES) - named)
            for column, step in steps.items():
                if getattr(row, column) is not None:
                    self.count(group, sources, step, people)
        for band in made.dose.spread:
            self.count(group, frozenset(SOURCES), max(band.low, 1), people)
        for session in made.sessions:
            if session.present is not None:
                there = [k for k, row in people.items() if session.number in row.attended]
                self.write(("session", str(session.number)), there)

    def count(
        self,
        group: str,
        sources: frozenset[str],
        step: int,
        people: dict[int, PersonRow],
        always: bool = False,
    ) -> None:
        def far(row: PersonRow) -> int:
            return len(row.attended) or (0 if row.offered else -1)

        found = [k for k, row in people.items() if row.source in sources and far(row) >= step]
        there = sum(1 << number for number in found)
        self.counts.append(Count(group, sources, step, there, always, self.live, self.at))


def _pair(row: PersonRow, key: str) -> bool:
    both = [scores.domains[key] for scores in (row.before, row.after) if scores]
    return len(both) == 2 and None not in both


# --- The search ------------------------------------------------------------------------------------------


def leaks(book: Notebook, threshold: int) -> list[Family]:
    """Combinations that leave fewer people than the threshold."""
    families = [("people",)] * len(set(_few_people(book.counts, threshold)))
    for family, told_sets in book.published.items():
        sets = sorted(told_sets)
        for left in {*sets, *_two(sets), *_three(sets), *_peeled(sets)}:
            if 0 < left.bit_count() < threshold:
                families.append(family)
    return families


def _few_people(counts: list[Count], threshold: int) -> Iterator[tuple[str, int]]:
    """Of plain counts one is taken from another only where it is known to be part of it: nine who started, less five
    whom the hub sent, are four of nobody. What the totals say by themselves may always be told."""
    by_group: dict[str, set[Count]] = defaultdict(set)
    for count in counts:
        by_group[count.group].add(count)
    for group in by_group.values():
        harmless = {a.people & ~b.people for a in group if a.always for b in group if b.always}
        for count in group:
            parts = [other for other in group if other != count and count.holds(other)]
            lefts = {count.people & ~other.people for other in parts}
            for step in {other.step for other in parts}:
                left = count.people  # less every source that is told at this step
                for other in sorted(parts, key=lambda part: sorted(part.sources)):
                    if other.step == step and other.sources < count.sources:
                        left &= ~other.people
                lefts.add(left)
            lefts |= set() if count.always else {count.people}
            for left in lefts:
                if 0 < left.bit_count() < threshold and left not in harmless and not _by_totals(left, group):
                    yield count.group, left
            for left in _came_from(count, parts, group):
                if 0 < left.bit_count() < threshold:
                    yield count.group, left


def _came_from(now: Count, parts: list[Count], group: set[Count]) -> Iterator[int]:
    """Who came or went since a source was told before. The totals say how many, not where from, unless all did."""
    if any(one.always and one.at == now.at and one.people == now.people for one in group):
        return
    for then in parts:
        if (then.sources, then.step) == (now.sources, now.step) and then.at < now.at:
            yield from (now.people & ~then.people, then.people & ~now.people)


def _by_totals(left: int, group: set[Count]) -> bool:
    return any(left == count.people for count in group if count.always)


def _two(sets: list[int]) -> Iterator[int]:
    return (a ^ b for a, b in itertools.combinations(sets, 2))


def _three(sets: list[int]) -> Iterator[int]:
    """a + b - c, wherever it is not nothing: bits of a and b both, or of one of them and not c, or of c alone."""
    for a, b in itertools.combinations(sets, 2):
        for c in sets:
            if c not in (a, b):
                yield (a ^ b ^ c) | (a & b)


def _peeled(sets: list[int]) -> list[int]:
    """Each, less whatever lies within it, the largest first; and the smallest first."""
    remainders = []
    for order in (sorted(sets, key=int.bit_count), sorted(sets, key=int.bit_count, reverse=True)):
        for whole in sets:
            left = whole
            for part in order:
                if part != whole and part and part & left == part:
                    left ^= part
            remainders.append(left)
    return remainders
