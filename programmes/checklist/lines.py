"""What is to be done before, during and after a programme, and how far each group is.

This module owns the list. A line is added by the app whose data fills it, in its `AppConfig.ready()`:

    lines.add(Line(Phase.DURING, "sessions", _("Sessions delivered"), rule=delivered))

Where there is a rule the line ticks itself. The others are ticked by hand, by whom and when is kept.
What several lines read is read once: they name the same `facts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ppg.access.permissions import P
from ppg.hooks import Hook
from programmes.models import ChecklistLine, Cohort

Phase = ChecklistLine.Phase


@dataclass(frozen=True)
class Missing:
    """For whom or for what a line is still open, and where that is done.

    The address is a link for those who hold `needs`. A caregiver's name (`person` is whose) is shown to those
    who may see the people of a group, to nobody else. `action` says that the label is no name but what to press.
    """

    label: str
    url: str = ""
    needs: P | None = None
    person: Any = None
    action: bool = False


@dataclass(frozen=True)
class Progress:
    """How far it is: `done` of `of`, in a `sentence` ("3 of 6 sessions"). `due` is how many should be done by now."""

    done: int
    of: int
    sentence: str
    due: int = 0
    missing: tuple[Missing, ...] = ()

    @property
    def complete(self) -> bool:
        return self.of > 0 and self.done >= self.of

    @property
    def waiting(self) -> int:
        """How many could be done by now and are not."""
        return max(self.due - self.done, 0)


def itself(cohort: Cohort) -> Cohort:
    return cohort


@dataclass(frozen=True)
class Line:
    """One line of every group's checklist. `facts` reads what is known (one query at most), `rule` tells from it how
    far the line is. Without a rule it is ticked by hand, and `note` may say what is known of it. Where `enough` says
    something, the line may be ticked by hand before it ticks itself, and these words stand on the button.
    `url` leads to where it is done; `order` sorts a phase whose lines come from several apps."""

    phase: str
    slug: str
    words: Any
    facts: Callable[[Cohort], Any] = itself
    rule: Callable[[Any], Progress] | None = None
    note: Callable[[Any], str] | None = None
    url: Callable[[Cohort], str] | None = None
    enough: Any = ""
    order: int = 0

    @property
    def by_hand(self) -> bool:
        return self.rule is None or bool(self.enough)


# Phase by phase. A slug stands for its line for ever.
lines: Hook[Line] = Hook(
    "What is to be done for a group, line by line, and how far it is.",
    key=lambda line: line.slug,
    order=lambda line: line.order,
)
