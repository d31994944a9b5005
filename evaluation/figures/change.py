"""Change from before to after, of the same people."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from evaluation.figures.rows import DomainSpec, PersonRow, Scores
from evaluation.figures.shapes import Change, DomainFigures, Interval, Later
from evaluation.figures.statistics import Moments, standardised
from evaluation.figures.stayers import at_start

MEAN_FROM = 30  # pairs, pooled over cohorts, from which a mean and its interval are given


def domain(spec: DomainSpec, people: Sequence[PersonRow], *, pooled: bool, step: float) -> DomainFigures:
    """Whoever answered both times is in the change, whatever the register says: else a tick taken back would take
    somebody's answers out, and show them."""

    def of(scores: Scores | None) -> float | None:
        return scores.domains.get(spec.key) if scores else None

    scored = [(of(person.before), of(person.after), person.started) for person in people]
    both = [(before, after) for before, after, started in scored if started or None not in (before, after)]
    pairs = sorted((before, after) for before, after in both if before is not None and after is not None)
    return DomainFigures(
        key=spec.key,
        title=spec.title,
        low=spec.low,
        high=spec.high,
        pairs=len(pairs),
        before_only=sum(before is not None and after is None for before, after in both),
        after_only=sum(before is None and after is not None for before, after in both),
        neither=sum(before is None and after is None for before, after in both),
        of=len(both),
        change=change(pairs, pooled=pooled, step=step) if pairs else None,
        at_start=at_start([(of(person.before), person.completed) for person in people]),
        later=later([(of(person.before), of(person.later)) for person in people], step),
    )


def later(rows: Sequence[tuple[float | None, float | None]], step: float) -> Later | None:
    """Of each person the score before and three months later. None: nobody has both."""
    changes = [round(then - before, 9) for before, then in rows if before is not None and then is not None]
    if not changes:
        return None
    return Later(len(changes), float(statistics.median(changes)), *directions(Counter(changes), step))


def directions(changes: Mapping[float, int], step: float) -> tuple[int, int, int]:
    """How many got better, stayed the same and got worse, of changes given as value -> how often."""
    return (
        sum(n for value, n in changes.items() if value > step),
        sum(n for value, n in changes.items() if abs(value) <= step),
        sum(n for value, n in changes.items() if value < -step),
    )


def change(pairs: Sequence[tuple[float, float]], *, pooled: bool = False, step: float = 0.0) -> Change:
    """Paired change. At least one pair.

    The median of the changes is not the difference of the medians: both are given, and the change is what counts.
    """
    # Means of items differ by parts of a third or a quarter; rounding takes away what floating point adds to them.
    changes = [round(after - before, 9) for before, after in pairs]
    with_mean = pooled and len(changes) >= MEAN_FROM
    better, same, worse = directions(Counter(changes), step)
    return Change(
        before=float(statistics.median(before for before, _ in pairs)),
        after=float(statistics.median(after for _, after in pairs)),
        median=float(statistics.median(changes)),
        low=min(changes),
        high=max(changes),
        better=better,
        same=same,
        worse=worse,
        step=step,
        lines=None if pooled else tuple(sorted((float(before), float(after)) for before, after in pairs)),
        mean=interval(Moments.of(changes)) if with_mean else None,
        standardised=_standardised(pairs, changes) if with_mean else None,
    )


def interval(changes: Moments) -> Interval:
    """Mean change with its 95 % interval, in the units of the score. At least two changes."""
    low, high = changes.interval()
    return Interval(mean=changes.mean, low=low, high=high)


def _standardised(pairs: Sequence[tuple[float, float]], changes: Sequence[float]) -> float | None:
    before, after = (Moments.of(side) for side in zip(*pairs, strict=True))
    return standardised(Moments.of(changes).mean, before, after)
