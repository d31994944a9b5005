"""How many people came to how many sessions: in bands wide enough that no small number can be worked out."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.disclosure.sources import enough
from evaluation.figures.shapes import Band, Figures


def bands(figures: Figures, threshold: int) -> tuple[Band, ...]:
    """Neighbours put together from the most sessions down until each band is enough people.

    How many completed is told anyway, so no band may end a few people away from it. Those present at each session
    tell how many attendances there were in all; with that number, a band of several sessions must leave more than
    one way of filling it. Where it does not, nothing is told.
    """
    joined = _joined(figures.dose.spread, figures.reach.completed, threshold)
    total = sum(band.low * band.people for band in figures.dose.spread)
    least = sum(band.low * band.people for band in joined)
    most = sum(band.high * band.people for band in joined)
    if least != most and total not in (least, most) and not least + threshold <= total <= most - threshold:
        return ()
    return joined


def _joined(spread: Sequence[Band], completed: int, threshold: int) -> tuple[Band, ...]:
    made: list[Band] = []
    above = people = 0  # people in the bands made, and in the one begun
    high = None
    for band in reversed(spread):
        high = band.high if high is None else high
        people += band.people
        left = sum(other.people for other in spread) - above - people
        if enough(people, threshold) and enough(left, threshold) and enough(abs(above + people - completed), threshold):
            made.append(Band(band.low, high, people))
            above, people, high = above + people, 0, None
    if high is not None:  # a band was begun that is not enough people
        return ()
    return tuple(reversed(made))
