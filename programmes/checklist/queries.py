"""The checklist of a group as it stands, for one reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from ppg.access.permissions import P, can
from ppg.models import User
from programmes.checklist import lines
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.models import ChecklistLine, Cohort


@dataclass(frozen=True)
class ChecklistRow:
    """A line as it stands for one group, for one reader."""

    line: Line
    progress: Progress | None  # of a line that ticks itself
    kept: ChecklistLine | None  # who does it, until when, who ticked it
    note: str = ""
    url: str = ""
    missing: tuple[Missing, ...] = ()  # as this reader sees them: an address only where they may do it

    @property
    def ticked(self) -> bool:
        return bool(self.line.by_hand and self.kept and self.kept.ticked_at)

    @property
    def complete(self) -> bool:
        return bool(self.progress and self.progress.complete)

    @property
    def may_tick(self) -> bool:
        """By hand, or back."""
        return self.line.by_hand and not self.complete

    @property
    def done(self) -> bool:
        return self.complete or self.ticked


def rows(cohort: Cohort, user: User | None = None, of: Iterable[str] = Phase.values) -> dict[str, list[ChecklistRow]]:
    """Each phase of these that has lines, in order, by the phase's name. Names are shown to `user` as far as they
    may."""
    kept = {row.slug: row for row in cohort.checklist.select_related("owner", "ticked_by")}
    known: dict[Callable[[Cohort], Any], Any] = {}
    phases: dict[str, list[ChecklistRow]] = {}
    for phase in (one for one in Phase if one in of):
        for line in (one for one in lines.lines if one.phase == phase):
            if (line.rule or line.note) and line.facts not in known:
                known[line.facts] = line.facts(cohort)
            row = _row(line, cohort, known.get(line.facts), kept.get(line.slug), user)
            phases.setdefault(str(phase.label), []).append(row)
    return phases


def _row(line: Line, cohort: Cohort, facts: Any, kept: ChecklistLine | None, user: User | None) -> ChecklistRow:
    progress = line.rule(facts) if line.rule else None
    return ChecklistRow(
        line,
        progress=progress,
        kept=kept,
        note=line.note(facts) if line.note else "",
        url=line.url(cohort) if line.url else "",
        missing=tuple(_shown(progress, user)) if progress and user else (),
    )


def _shown(progress: Progress, user: User) -> Iterable[Missing]:
    for one in progress.missing:
        may = one.needs is None or can(user, one.needs)
        if (may or not one.action) and (not one.person or can(user, P.PEOPLE_SEE)):
            yield one if may else replace(one, url="")


def finished(phases: Iterable[Iterable[ChecklistRow]]) -> tuple[int, int]:
    """How many lines are done, of how many."""
    every = [row.done for part in phases for row in part]
    return sum(every), len(every)
