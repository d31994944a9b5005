"""Those who completed the programme against those who did not, as they were at the start."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from evaluation.figures.shapes import AtStart


def at_start(rows: Sequence[tuple[float | None, bool]]) -> AtStart | None:
    """Of each person the score before, and whether they completed. None where one of the two groups is empty."""
    completed = [before for before, done in rows if before is not None and done]
    others = [before for before, done in rows if before is not None and not done]
    if not completed or not others:
        return None
    return AtStart(
        completed=len(completed),
        completed_median=float(statistics.median(completed)),
        others=len(others),
        others_median=float(statistics.median(others)),
    )
