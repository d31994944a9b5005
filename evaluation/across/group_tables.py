"""What the groups of a report tell in their own versions of where people came from and how often they came. Pure.

A manager may read every one of them, and take them all away from the report over these groups: what is left is whoever
came since, and the groups that tell nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.disclosure.sources import COLUMNS
from evaluation.figures.shapes import Figures

Rows = list[Mapping[str, Any]]  # of a table, as they are stored


@dataclass
class GroupTables:
    """Of each group the table that was told last, if any was."""

    sources: dict[str, Rows] = field(default_factory=dict)
    bands: dict[str, Rows] = field(default_factory=dict)

    def note(self, group: str, figures: Mapping[str, Any]) -> None:
        """figures: of a version, as stored, the older ones first."""
        if rows := figures["reach"]["by_source"]:
            self.sources[group] = rows
        if bands := figures["dose"].get("spread"):
            self.bands[group] = bands

    def leave_few_sources(self, made: Figures, least: int) -> bool:
        """Whether few people are left of some source, or of all together, at some step."""
        return any(_few(left, least) for column in COLUMNS for left in self._left(made, column))

    def _left(self, made: Figures, column: str) -> list[int]:
        counts = {row.source: getattr(row, column) for row in made.reach.by_source}
        if None in counts.values():
            return []
        for rows in self.sources.values():
            group = {row["source"]: row[column] for row in rows if row[column] is not None}
            for source in counts.keys() & group.keys():
                if source or counts.keys() == group.keys():  # else those put together are not the same ones
                    counts[source] -= group[source]
        return [*counts.values(), sum(counts.values())]

    def leave_few_bands(self, made: Figures, least: int) -> bool:
        """The same of how many came to so many sessions or more."""
        lows = [band.low for band in made.dose.spread][1:]  # how many started is told of every group
        left = {low: sum(band.people for band in made.dose.spread if band.low >= low) for low in lows}
        for bands in self.bands.values():
            for low in left.keys() & {band["low"] for band in bands}:
                left[low] -= sum(band["people"] for band in bands if band["low"] >= low)
        return any(_few(n, least) for n in left.values())


def _few(n: int, least: int) -> bool:
    return 0 < abs(n) < least
