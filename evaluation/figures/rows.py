"""Rows in: what `evaluation.collecting.collect` makes of the database, with no name and no key in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STARTED_FROM = 1  # sessions attended by somebody who has started
COMPLETED_SHARE = (2, 3)  # of the sessions, attended by somebody who has completed: 4 of 6. Our own definition.


@dataclass(frozen=True)
class Scores:
    """One person's answered measure: a score or None for each domain, and how the answers came."""

    domains: Mapping[str, float | None]
    way: str = "online"


@dataclass(frozen=True)
class PersonRow:
    """One person who was referred.

    sessions  how many sessions their cohort has
    attended  numbers of the sessions they were at, for all or part of it
    expected  numbers of the sessions held while they were in the group
    before, after, later  None: not answered, or no consent to the evaluation
    """

    source: str
    offered: bool = False
    sessions: int = 6
    attended: frozenset[int] = frozenset()
    expected: frozenset[int] = frozenset()
    before: Scores | None = None
    after: Scores | None = None
    later: Scores | None = None

    @property
    def started(self) -> bool:
        return len(self.attended) >= STARTED_FROM

    @property
    def completed(self) -> bool:
        """Attended at least two thirds of the sessions (our own definition; there is no agreed one)."""
        part, whole = COMPLETED_SHARE
        return self.started and len(self.attended) * whole >= self.sessions * part


@dataclass(frozen=True)
class SessionRow:
    """One session of the programme.

    minutes   planned
    held      it took place
    took      minutes its counted items took by the clock; None: not held, or the clock was not used
    planned   minutes those items had in the session's plan; None with `took`
    items     what became of them (`sessions_app.running.clock.Happened`) -> how many
    reasons, by_group  how many of the changed ones have a reason, and how many the group asked for
    """

    number: int
    title: str
    minutes: int
    held: bool
    took: float | None = None
    planned: int | None = None
    items: Mapping[str, int] = field(default_factory=dict)
    reasons: int = 0
    by_group: int = 0


@dataclass(frozen=True)
class SheetRow:
    """One answered feedback sheet: question -> index of the option chosen, or the number given."""

    answers: Mapping[str, int]
    way: str = "online"


@dataclass(frozen=True)
class QuestionSpec:
    """A feedback question. `options` are its words, lowest first; an ordered scale has a median, a choice has none."""

    key: str
    text: str
    options: tuple[str, ...]
    ordered: bool = True


@dataclass(frozen=True)
class DomainSpec:
    """An outcome domain with the ends of its score. Higher is better: items were turned round in scoring."""

    key: str
    title: str
    low: float
    high: float
