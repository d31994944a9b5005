"""What opens a box: a sheet counts only by a slip that was drawn, and whoever reads the results can print none. Pure.

See docs/decisions/invented-answers.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slips:
    """Slips of one form as two people counted them. used: sheets in its box that came with a slip."""

    made: int
    left: int
    people: int  # in the room, without the team
    here: int  # by the register; after the programme: in the group

    def add_up(self, used: int) -> bool:
        """No more were used than drawn, nor drawn than there were people, nor used than the register knows of."""
        return used <= self.made - self.left <= self.people and used <= self.here


@dataclass(frozen=True)
class Box:
    """A closed form that is not opened yet.

    sheets: all in it. with_slip: those of them that came with a slip. here: people by the register.
    typed, typed_with_slip: those of both that came on paper: whoever typed them in knows them.
    counted: its slips were counted out, or none were ever made. adds_up: and the numbers went together.
    """

    key: int
    by_slips: bool
    sheets: int
    with_slip: int = 0
    counted: bool = False
    adds_up: bool = False
    here: int = 0
    typed: int = 0
    typed_with_slip: int = 0

    @property
    def counts(self) -> int:
        """How many of its sheets count towards the least number."""
        if self.by_slips:
            return self.with_slip if self.adds_up else 0
        return self.sheets if self.sheets <= self.here else 0

    @property
    def unknown(self) -> int:
        """How many sheets that came with a slip and count nobody typed in."""
        return self.with_slip - self.typed_with_slip if self.adds_up else 0


def opened_together(boxes: Sequence[Box], key: int, least: int) -> list[int]:
    """The forms whose boxes are opened now because of the form `key`, which was closed, counted or added to; or none.

    By slips: whatever waits comes along, and slips alone count. A form whose slips are still to be counted waits on.
    Whoever types in paper takes those sheets away in their head: so either everything came on paper, or enough of the
    slips were used by people themselves.
    By link: links alone, and at least two sessions that count. So somebody who drew a slip is never shown among sheets
    that only a link vouches for.
    """
    brings = next((box for box in boxes if box.key == key), None)
    if brings is None or not brings.counts:
        return []
    links = [box for box in boxes if not box.by_slips]
    slips = [box for box in boxes if box.by_slips and box.counted]
    if brings.by_slips:
        if sum(box.unknown for box in slips) >= least:
            return [box.key for box in (*slips, *links)]
        on_paper = all(box.typed == box.sheets for box in slips)
        return [box.key for box in slips] if on_paper and sum(box.counts for box in slips) >= least else []
    sessions = [box.counts for box in links if box.counts]
    return [box.key for box in links] if len(sessions) > 1 and sum(sessions) >= least else []
