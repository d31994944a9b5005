"""What was delivered of what the guide and the plan asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from evaluation.figures.rows import SessionRow
from evaluation.figures.shapes import Delivery

ITEMS = ("done", "shortened", "extended", "left_out", "added")


def delivery(rows: Iterable[SessionRow]) -> Delivery:
    """Of the sessions that were held and run by the clock. Minutes are whole in each session, so that they add up."""
    run = [row for row in rows if row.held and row.took is not None]
    items: Counter[str] = Counter()
    for row in run:
        items.update(row.items)
    return Delivery(
        run=len(run),
        plan=sum(row.planned for row in run if row.planned is not None),
        took=sum(round(row.took) for row in run if row.took is not None),
        reasons=sum(row.reasons for row in run),
        by_group=sum(row.by_group for row in run),
        **{what: items[what] for what in ITEMS},
    )
