"""Sessions attended: by person (the dose) and by session."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from evaluation.figures.rows import PersonRow, SessionRow
from evaluation.figures.shapes import Band, Dose, SessionFigures


def dose(started: Sequence[PersonRow]) -> Dose:
    """Median, and how many came to each number of sessions. The median of an even number of people is midway
    between the two in the middle (type 2 and 7 alike in Hyndman and Fan 1996, The American Statistician 50:361-365)."""
    counts = Counter(len(person.attended) for person in started)
    if not counts:
        return Dose(people=0)
    return Dose(
        people=counts.total(),
        median=float(statistics.median(counts.elements())),
        spread=tuple(Band(number, number, counts[number]) for number in range(min(counts), max(counts) + 1)),
    )


def sessions(rows: Iterable[SessionRow], people: Sequence[PersonRow]) -> tuple[SessionFigures, ...]:
    """Session by session. Present of expected counts those held only."""
    present = Counter(number for person in people for number in person.attended)
    expected = Counter(number for person in people for number in person.expected | person.attended)
    by_number: dict[int, list[SessionRow]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    return tuple(
        _session(number, same, present[number], expected[number]) for number, same in sorted(by_number.items())
    )


def _session(number: int, same: Sequence[SessionRow], present: int, expected: int) -> SessionFigures:
    run = [row for row in same if row.held and row.took is not None]
    return SessionFigures(
        number=number,
        title=min(row.title for row in same),
        planned=len(same),
        held=sum(row.held for row in same),
        minutes=sum(row.minutes for row in same if row.held),
        present=present,
        expected=expected,
        run=len(run),
        plan=sum(row.planned or 0 for row in run),
        took=sum(round(row.took or 0) for row in run),
    )
