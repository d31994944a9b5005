"""How a text of the council is read: blanks, headings, lists, tables. No database: the models themselves ask it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

BLANK = re.compile(r"\[[^\[\]\n]+\]")


def blanks(text: str) -> list[str]:
    """What the council has still to fill in, in order; the same words twice are one blank."""
    return list(dict.fromkeys(BLANK.findall(text)))


@dataclass
class Block:
    """A heading ("# "), a paragraph, a list ("- ") or a table ("| a | b |", its first row the headings)."""

    kind: str  # "heading", "text", "list", "table"
    text: str = ""
    rows: list[Any] = field(default_factory=list)  # of a list: its lines; of a table: its rows of cells
    under: str = ""  # the heading that it stands under

    @property
    def head(self) -> Sequence[str]:
        return self.rows[0]

    @property
    def body(self) -> list[Sequence[str]]:
        return self.rows[1:]


def blocks(text: str) -> list[Block]:
    """A text as it is shown. Every line is something: nothing that was written is left out."""
    parts: list[Block] = []
    heading = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            heading = line[2:].strip()
            parts.append(Block("heading", heading))
        elif line.startswith("- "):
            _join(parts, "list", line[2:].strip(), heading)
        elif line.startswith("|") and line.endswith("|") and len(line) > 1:
            _join(parts, "table", [cell.strip() for cell in line[1:-1].split("|")], heading)
        else:
            parts.append(Block("text", line))
    return parts


def _join(parts: list[Block], kind: str, row: Any, heading: str) -> None:
    if not parts or parts[-1].kind != kind:
        parts.append(Block(kind, under=heading))
    parts[-1].rows.append(row)
