"""Whether numbers of people that were told can be added and taken away until few people are left. Pure.

Two reports over almost the same groups subtract to the groups between them; of three that overlap, two less the third
may be one group, though no two of them differ by few. So it is not enough to compare reports with each other. People
who are in the same numbers make a *piece*, and a piece is a vector: of each number told, whether it is in it. Somebody
who adds and takes away gives each number a weight, and has the pieces left whose weights do not add up to nothing.
Large pieces may be left. Whoever wants few people must choose weights under which every large piece is nothing; then
everything in the span of the large pieces is nothing too. What is told is safe, exactly if no piece outside that span
is left with fewer people than the least.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from evaluation.disclosure.counts import Column, Counts

Piece = tuple[int, ...]  # for each number told: 1, these people are in it, or 0
PRIME = 2**61 - 1  # spans are computed modulo this one, so in whole numbers
MOST_STEPS = 300
EACH_COLUMN = 9  # more words than any column has: each is a number by itself


@dataclass(frozen=True)
class Telling:
    """One number that was told: all the people of these columns, in every group."""

    counts: Counts
    columns: frozenset[Column]

    def n(self, group: str, column: Column) -> int:
        return self.counts.of(group, column) if column in self.columns else 0


class Alone:
    """What groups' own pages tell, to their teams or outside: each from `least` people.

    told     (group, number) -> on how many people it was published; where that is how many there are now, nothing
    touched  somebody's answers have gone since: there may be as many people as before, and not the same
    """

    def __init__(self, least: int) -> None:
        self.least = least
        self.told: dict[tuple[str, Column], set[int]] = {}
        self.touched: set[tuple[str, Column]] = set()

    def sizes(self, group: str, number: Column, now: int) -> set[int]:
        """All that is known of the number by itself. Today's page does not tell what is close to what was published."""
        told = self.told.get((group, number), set())
        close = (group, number) in self.touched or any(0 < abs(now - n) < self.least for n in told)
        return told if close or now < self.least else told | {now}


def may_stand(
    now: Sequence[Telling],
    before: Iterable[Telling],
    *,
    least: int,
    alone: Iterable[Alone] = (),
    width: int = EACH_COLUMN,
) -> bool:
    """Whether `now` may be told beside what was told before of the same kind.

    alone  also for somebody who takes away what these tell of single groups; its own `least` is that reader's
    width  so many words of a column name what a group's own page tells as one number
    """
    told = [*before, *now]
    if not now:
        return True
    if leaves_few(pieces(told), least):
        return False
    return not any(leaves_few(pieces(told, own, width), own.least) for own in alone)


def pieces(told: Sequence[Telling], alone: Alone | None = None, width: int = EACH_COLUMN) -> Counter[Piece]:
    """People by the numbers they are in; a piece of 0 is of people who cannot be counted.

    Within a group that was told more than once those who were there the smaller time were there the larger time too.
    Where a mark says that they are not the same people, somebody came and somebody went.
    """
    found: Counter[Piece] = Counter()
    by_number: dict[Column, list[Column]] = defaultdict(list)
    for column in {column for telling in told for column in telling.columns}:
        by_number[column[:width]].append(column)
    for group in {group for telling in told for group in telling.counts.groups}:
        for number, columns in by_number.items():
            rows = {column: [telling.n(group, column) for telling in told] for column in columns}
            rows = {column: row for column, row in rows.items() if any(row)}
            if not rows:
                continue
            whole = all(telling.columns.isdisjoint(rows) or telling.columns >= rows.keys() for telling in told)
            sums = [sum(ns) for ns in zip(*rows.values(), strict=True)]
            now = next(n for n in reversed(sums) if n)
            sizes = alone.sizes(group, number, now) if alone else set()
            gone: Mapping[int, Piece] = _count_beside(found, sums, sizes) if sizes and whole else {}
            if not sizes:
                for row in rows.values():
                    _count(found, row)
            for column, row in rows.items():
                _changed(found, row, [telling.counts.mark(group, column) for telling in told], gone.get(now))
            if alone and (group, number) in alone.touched:
                _uncounted(found, tuple(int(n > 0) for n in sums))
    return found


def _count(found: Counter[Piece], row: Sequence[int]) -> None:
    for fewer, more in pairwise(sorted({0, *row})):
        found[tuple(int(n >= more) for n in row)] += more - fewer


def _count_beside(found: Counter[Piece], row: Sequence[int], sizes: Set[int]) -> dict[int, Piece]:
    """What is left where the number's own sizes are taken away: of those in the same one only how they differ.

    What was taken away, by size.
    """
    parts: dict[int, list[tuple[Piece, int]]] = defaultdict(list)
    for fewer, more in pairwise(sorted({0, *row, *sizes})):
        own = min((n for n in sizes if n >= more), default=0)
        parts[own].append((tuple(int(n >= more) for n in row), more - fewer))
    gone = {own: max(some, key=lambda one: one[1])[0] if own else (0,) * len(row) for own, some in parts.items()}
    for own, some in parts.items():
        for piece, n in some:
            if piece != gone[own]:
                found[_less(piece, gone[own])] += n
    return gone


def _changed(found: Counter[Piece], row: Sequence[int], marks: Sequence[str], gone: Piece | None) -> None:
    """Some went and some came, nobody knows how many. gone: what is taken away with those of today."""
    told = [mark if n else "" for mark, n in zip(marks, row, strict=True)]
    different = {mark for mark in told if mark}
    today = next((mark for mark in reversed(told) if mark), "")
    if len(different) > 1:
        for one in different:
            piece = tuple(int(mark == one) for mark in told)
            _uncounted(found, _less(piece, gone) if gone and one == today else piece)


def _uncounted(found: Counter[Piece], piece: Piece) -> None:
    """There is somebody in it, and nobody knows how many: it stands there with 0 until some are counted."""
    found.setdefault(piece, 0)


def _less(piece: Piece, gone: Piece) -> Piece:
    return tuple(a - b for a, b in zip(piece, gone, strict=True))


def leaves_few(found: Counter[Piece], least: int) -> bool:
    """Whether weights can be chosen that leave somebody, and fewer than `least`.

    Where that is too long to find out, it is taken to be so.
    """
    span = Span()
    for piece, n in found.items():
        if n >= least:
            span.add(piece)
    return _leaves_few(span, [(piece, n) for piece, n in found.items() if n < least], [], least, [MOST_STEPS])


def _leaves_few(
    nothing: Span, rest: Iterable[tuple[Piece, int]], stays: Sequence[tuple[Piece, int]], least: int, steps: list[int]
) -> bool:
    """The same, where everything in the span `nothing` is, and those that stay are not."""
    if any(not any(nothing.beside(line)) for line, _n in stays) or sum(n for _line, n in stays) >= least:
        return False
    lines: Counter[Piece] = Counter()  # those that are multiples of each other beside the span stay or go together
    for line, n in rest:
        lines[nothing.beside(line)] += n
    others = sorted(((line, n) for line, n in lines.items() if any(line)), key=lambda one: one[1])
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
        line = self.beside(vector)
        lead = next((place for place, value in enumerate(line) if value), None)
        if lead is None:
            return
        for row in self.rows.values():
            if factor := row[lead]:
                row[:] = [(value - factor * other) % PRIME for value, other in zip(row, line, strict=True)]
        self.rows[lead] = list(line)

    def beside(self, vector: Collection[int]) -> Piece:
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
