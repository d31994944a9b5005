"""Reach by source: a coarser table instead of one with holes, as holes can be filled in from the totals."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.figures.shapes import Reach, SourceReach

COLUMNS = ("referred", "offered", "started", "completed")


def enough(n: int | None, threshold: int) -> bool:
    """Nobody at all, or as many as a figure must rest on."""
    return n is not None and (n == 0 or n >= threshold)


def by_source(reach: Reach, threshold: int) -> tuple[SourceReach, ...]:
    rows = {row.source: tuple(getattr(row, column) for column in COLUMNS) for row in reach.by_source}
    parts = split(rows, threshold)
    return tuple(SourceReach(source, *counts) for source, counts in parts)  # type: ignore[arg-type]


def split(rows: dict[str, tuple[int, ...]], threshold: int) -> list[tuple[str, tuple[int | None, ...]]]:
    """Rows of counts that never grow from left to right, as they may be told beside the columns' totals.

    Small rows are put together under "", last. A column that may not be split is None all the way down.
    An empty list: there is nothing to split. One source alone is named: the totals are its own.
    """
    pooled = _pool(rows, threshold)
    if len(pooled) < 2 and not (pooled and pooled[0][0]):  # nothing left, or everything put together
        return []
    width = len(pooled[0][1])
    published = [0]
    for column in range(1, width):
        if all(
            enough(counts[column], threshold) and enough(counts[published[-1]] - counts[column], threshold)
            for _, counts in pooled
        ):
            published.append(column)
    counts_only = [counts for _, counts in pooled]
    hidden = [column for column in range(width) if column not in published]
    if len(pooled) > 1 and any(_can_be_worked_out(counts_only, column, published) for column in hidden):
        published = [0]
    return [
        (source, tuple(count if column in published else None for column, count in enumerate(counts)))
        for source, counts in pooled
    ]


def _pool(rows: dict[str, tuple[int, ...]], threshold: int) -> list[tuple[str, tuple[int, ...]]]:
    """Rows with enough in their first column; the others added up, with the smallest of the large ones if need be.

    Equal rows go the same way, and those put together are never all one below the threshold: so whoever knows the
    sum and this rule can still exchange any two of them, or move one person, and see the same table.
    """
    sizes = sorted({counts[0] for counts in rows.values() if counts[0]})
    limit = threshold  # rows smaller than this are put together
    while True:
        together = [source for source in sorted(rows) if 0 < rows[source][0] < limit]
        larger = [size for size in sizes if size >= limit]
        total = sum(rows[source][0] for source in together)
        enough_together = total >= threshold and any(rows[source][0] != threshold - 1 for source in together)
        if enough_together or not together or not larger:
            break
        limit = larger[0] + 1
    parts = [(source, rows[source]) for source in sorted(rows) if rows[source][0] >= limit]
    if together:
        parts.append(("", tuple(map(sum, zip(*(rows[source] for source in together), strict=True)))))
    return parts


def _can_be_worked_out(rows: Sequence[tuple[int, ...]], column: int, published: Sequence[int]) -> bool:
    """Whether a column's total and the columns told beside it leave some row only one number, and that a small one.

    A row lies between its next told neighbours on the right (or nothing) and on the left. Given the total, its own
    least is what remains when all the others have their most, and the other way round.
    """
    left = max(index for index in published if index < column)
    right = min((index for index in published if index > column), default=None)
    total = sum(row[column] for row in rows)
    most = [row[left] for row in rows]
    least = [0 if right is None else row[right] for row in rows]
    if total == sum(most) or total == sum(least):
        return False  # the totals, which may always be told, say so by themselves
    return any(
        least[i] < most[i]  # else the row is told anyway: nobody came or went
        and max(least[i], total - (sum(most) - most[i])) == min(most[i], total - (sum(least) - least[i]))
        for i in range(len(rows))
    )
