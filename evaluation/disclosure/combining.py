"""Whether published numbers of people can be added and taken away until few people are left. Pure.

Two reports over almost the same groups subtract to the groups between them; of three that overlap, two less the third
may be one group, though no two of them differ by few. So it is not enough to compare reports with each other. People
who are in the same numbers make a *piece*, and a piece is a vector: of each published number, whether it is in it.
Somebody who adds and takes away gives each number a weight, and has the pieces left whose weights do not add up to
nothing.
Large pieces may be left. Whoever wants few people must choose weights under which every large piece is nothing; then
everything in the span of the large pieces is nothing too. What is published is safe, exactly if no piece outside that
span is left with fewer people than the least.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from evaluation.disclosure.counts import Column, Counts

Piece = tuple[int, ...]  # for each published number: 1, these people are in it, or 0
PRIME = 2**61 - 1  # spans are computed modulo this one, so in whole numbers
MOST_STEPS = 300
EACH_COLUMN = 9  # more words than any column has: each is a number by itself


@dataclass(frozen=True)
class PublishedCount:
    """One number that was published: all the people of these columns, in every group."""

    counts: Counts
    columns: frozenset[Column]

    def n(self, group: str, column: Column) -> int:
        return self.counts.of(group, column) if column in self.columns else 0


class SingleGroups:
    """What is published of single groups, to their teams or outside: each number from `least` people.

    published  (group, number) -> on how many people; where that is how many there are now, nothing
    touched    somebody's answers have gone since: there may be as many people as before, and not the same
    """

    def __init__(self, least: int) -> None:
        self.least = least
        self.published: dict[tuple[str, Column], set[int]] = {}
        self.touched: set[tuple[str, Column]] = set()

    def sizes(self, group: str, number: Column, now: int) -> set[int]:
        """All that is known of the number by itself. Today's page does not tell what is close to what was published."""
        published = self.published.get((group, number), set())
        close = (group, number) in self.touched or any(0 < abs(now - n) < self.least for n in published)
        return published if close or now < self.least else published | {now}


def may_stand(
    now: Sequence[PublishedCount],
    before: Iterable[PublishedCount],
    *,
    least: int,
    single_groups: Iterable[SingleGroups] = (),
    width: int = EACH_COLUMN,
) -> bool:
    """Whether `now` may be published, given what was published before of the same kind.

    single_groups  also for somebody who takes away what these tell; its own `least` is that reader's
    width          so many words of a column name what a group's own page tells as one number
    """
    published = [*before, *now]
    if not now:
        return True
    if leaves_few(pieces(published), least):
        return False
    return not any(leaves_few(pieces(published, groups, width), groups.least) for groups in single_groups)


def pieces(
    published: Sequence[PublishedCount], single_groups: SingleGroups | None = None, width: int = EACH_COLUMN
) -> Counter[Piece]:
    """People by the numbers they are in; a piece of 0 is of people who cannot be counted.

    Within a group that was published more than once those who were there the smaller time were there the larger time
    too. Where a mark says that they are not the same people, somebody came and somebody went.
    """
    people: Counter[Piece] = Counter()
    by_number: dict[Column, list[Column]] = defaultdict(list)
    for column in {column for count in published for column in count.columns}:
        by_number[column[:width]].append(column)
    for group in {group for count in published for group in count.counts.groups}:
        for number, columns in by_number.items():
            rows = {column: [count.n(group, column) for count in published] for column in columns}
            rows = {column: row for column, row in rows.items() if any(row)}
            if not rows:
                continue
            whole = all(count.columns.isdisjoint(rows) or count.columns >= rows.keys() for count in published)
            sums = [sum(ns) for ns in zip(*rows.values(), strict=True)]
            now = next(n for n in reversed(sums) if n)
            sizes = single_groups.sizes(group, number, now) if single_groups else set()
            gone: Mapping[int, Piece] = _count_remainders(people, sums, sizes) if sizes and whole else {}
            if not sizes:
                for row in rows.values():
                    _count(people, row)
            for column, row in rows.items():
                _changed(people, row, [count.counts.mark(group, column) for count in published], gone.get(now))
            if single_groups and (group, number) in single_groups.touched:
                _uncounted(people, tuple(int(n > 0) for n in sums))
    return people


def _count(people: Counter[Piece], row: Sequence[int]) -> None:
    for fewer, more in pairwise(sorted({0, *row})):
        people[tuple(int(n >= more) for n in row)] += more - fewer


def _count_remainders(people: Counter[Piece], row: Sequence[int], sizes: Set[int]) -> dict[int, Piece]:
    """What is left where the number's own sizes are taken away: of those in the same one only how they differ.

    What was taken away, by size.
    """
    parts: dict[int, list[tuple[Piece, int]]] = defaultdict(list)
    for fewer, more in pairwise(sorted({0, *row, *sizes})):
        size = min((n for n in sizes if n >= more), default=0)
        parts[size].append((tuple(int(n >= more) for n in row), more - fewer))
    gone = {size: max(some, key=lambda part: part[1])[0] if size else (0,) * len(row) for size, some in parts.items()}
    for size, some in parts.items():
        for piece, n in some:
            if piece != gone[size]:
                people[_less(piece, gone[size])] += n
    return gone


def _changed(people: Counter[Piece], row: Sequence[int], marks: Sequence[str], gone: Piece | None) -> None:
    """Some went and some came, nobody knows how many. gone: what is taken away with those of today."""
    present = [mark if n else "" for mark, n in zip(marks, row, strict=True)]
    different = {mark for mark in present if mark}
    today = next((mark for mark in reversed(present) if mark), "")
    if len(different) > 1:
        for value in different:
            piece = tuple(int(mark == value) for mark in present)
            _uncounted(people, _less(piece, gone) if gone and value == today else piece)


def _uncounted(people: Counter[Piece], piece: Piece) -> None:
    """There is somebody in it, and nobody knows how many: it stands there with 0 until some are counted."""
    people.setdefault(piece, 0)


def _less(piece: Piece, gone: Piece) -> Piece:
    return tuple(a - b for a, b in zip(piece, gone, strict=True))


def leaves_few(people: Counter[Piece], least: int) -> bool:
    """Whether weights can be chosen that leave somebody, and fewer than `least`.

    Where that is too long to find out, it is taken to be so.
    """
    span = Span()
    for piece, n in people.items():
        if n >= least:
            span.add(piece)
    return _leaves_few(span, [(piece, n) for piece, n in people.items() if n < least], [], least, [MOST_STEPS])


def _leaves_few(
    nothing: Span, rest: Iterable[tuple[Piece, int]], stays: Sequence[tuple[Piece, int]], least: int, steps: list[int]
) -> bool:
    """The same, where everything in the span `nothing` is, and those that stay are not."""
    if any(not any(nothing.remainder(line)) for line, _n in stays) or sum(n for _line, n in stays) >= least:
        return False
    lines: Counter[Piece] = Counter()  # those that are multiples of each other beside the span stay or go together
    for line, n in rest:
        lines[nothing.remainder(line)] += n
    others = sorted(((line, n) for line, n in lines.items() if any(line)), key=lambda entry: entry[1])
    left = [*others, *stays]
    if not left:
        return False
    if sum(n for _line, n in left) < least or not steps[0]:
        return True
    steps[0] -= 1
    if not others:
        return False
    largest, n = others.pop()
    goes = nothing.copy()
    goes.add(largest)
    return _leaves_few(goes, others, stays, least, steps) or _leaves_few(
        nothing, others, [*stays, (largest, n)], least, steps
    )


class Span:
    """Everything that can be added up from some vectors; kept with one leading 1 in each row, and 0 above and below."""

    def __init__(self) -> None:
        self.rows: dict[int, list[int]] = {}  # place of the leading 1 -> row

    def copy(self) -> Span:
        made = Span()
        made.rows = {lead: list(row) for lead, row in self.rows.items()}
        return made

    def add(self, vector: Collection[int]) -> None:
        line = self.remainder(vector)
        lead = next((place for place, value in enumerate(line) if value), None)
        if lead is None:
            return
        for row in self.rows.values():
            if factor := row[lead]:
                row[:] = [(value - factor * other) % PRIME for value, other in zip(row, line, strict=True)]
        self.rows[lead] = list(line)

    def remainder(self, vector: Collection[int]) -> Piece:
        """What of it is not in the span, made to begin with 1: all zeros if it is."""
        rest = [value % PRIME for value in vector]
        for lead, row in self.rows.items():
            if factor := rest[lead]:
                rest = [(value - factor * other) % PRIME for value, other in zip(rest, row, strict=True)]
        lead = next((value for value in rest if value), 0)
        if not lead:
            return tuple(rest)
        inverse = pow(lead, -1, PRIME)
        return tuple(value * inverse % PRIME for value in rest)
