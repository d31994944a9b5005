"""How many people each group adds to each number of a report over several groups, kept with the report.

A column is a tuple of words, as ("source", "hub", "started"); what they mean is up to whoever fills it. By the thousand
groups: whole numbers in arrays, and compressed where they are stored.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Mapping

Column = tuple[str, ...]
MARKED = 3  # words of a column that have one mark together: the directions of one change


class Counts:
    def __init__(self) -> None:
        self.groups: dict[str, int] = {}  # code -> its place in the columns
        self.columns: dict[Column, array[int]] = {}
        # first words of columns -> group -> the same as long as their people are the same
        self.marks: dict[Column, dict[str, str]] = {}

    def add(self, group: str, counts: Mapping[Column, int], marks: Mapping[Column, str] | None = None) -> None:
        place = self.groups.setdefault(group, len(self.groups))
        for column, n in counts.items():
            if n:
                values = self.columns.setdefault(column, array("I"))
                values.extend([0] * (place + 1 - len(values)))
                values[place] = n
        for column, mark in (marks or {}).items():
            self.marks.setdefault(column[:MARKED], {})[group] = mark

    def of(self, group: str, column: Column) -> int:
        place, values = self.groups.get(group), self.columns.get(column)
        return values[place] if values is not None and place is not None and place < len(values) else 0

    def mark(self, group: str, column: Column) -> str:
        return self.marks.get(column[:MARKED], {}).get(group, "")

    def under(self, *words: str) -> Iterator[Column]:
        """The columns that begin with these words."""
        return (column for column in self.columns if column[: len(words)] == words)

    # --- As stored --------------------------------------------------------------------------------------

    def to_bytes(self) -> bytes:
        columns = [[list(column), values.tolist()] for column, values in self.columns.items()]
        marks = [[list(column), marks] for column, marks in self.marks.items()]
        content = {"groups": list(self.groups), "columns": columns, "marks": marks}
        return zlib.compress(json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, stored: bytes) -> Counts:
        content = json.loads(zlib.decompress(stored))
        made = cls()
        made.groups = {group: place for place, group in enumerate(content["groups"])}
        made.columns = {tuple(column): array("I", values) for column, values in content["columns"]}
        made.marks = {tuple(column[:MARKED]): marks for column, marks in content["marks"]}
        return made
