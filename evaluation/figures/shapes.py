"""Figures out. None in place of a number: held back (`evaluation.disclosure`), or nothing to say."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class SourceReach:
    """Reach of one source. None: held back. An empty source: several small ones together."""

    source: str
    referred: int
    offered: int | None
    started: int | None
    completed: int | None


@dataclass(frozen=True)
class Reach:
    referred: int
    offered: int
    started: int
    completed: int
    by_source: tuple[SourceReach, ...] = ()


@dataclass(frozen=True)
class Band:
    """So many people came to between `low` and `high` sessions."""

    low: int
    high: int
    people: int


@dataclass(frozen=True)
class Dose:
    """Sessions attended per person who started. None: nobody, or held back. spread: () where held back."""

    people: int
    median: float | None = None
    spread: tuple[Band, ...] = ()


@dataclass(frozen=True)
class SessionFigures:
    """A session (of several cohorts: all sessions of that number). present, expected: None when held back.

    run  those of them held with the clock; plan and took are their minutes, planned and by the clock
    """

    number: int
    title: str
    planned: int
    held: int
    minutes: int
    present: int | None
    expected: int | None
    run: int = 0
    plan: int = 0
    took: int = 0


@dataclass(frozen=True)
class Delivery:
    """What became of the items of the sessions that were run by the clock. No person is in it: nothing is held back.

    run           sessions with the clock, of those held
    plan, took    minutes of their items, planned and by the clock
    reasons       of the items not done as planned, those with a reason written down
    by_group      of those, the ones that the group asked for
    """

    run: int = 0
    plan: int = 0
    took: int = 0
    done: int = 0
    shortened: int = 0
    extended: int = 0
    left_out: int = 0
    added: int = 0
    reasons: int = 0
    by_group: int = 0

    @property
    def planned_items(self) -> int:
        """Items of the plan, without what was added."""
        return self.done + self.shortened + self.extended + self.left_out

    @property
    def changed(self) -> int:
        return self.shortened + self.extended + self.left_out + self.added


@dataclass(frozen=True)
class WayCount:
    """How many answers came this way; None: held back, some did."""

    way: str
    n: int | None


@dataclass(frozen=True)
class QuestionFigures:
    """Answers to one feedback question. counts: one per option; None when held back."""

    key: str
    text: str
    options: tuple[str, ...]
    n: int
    counts: tuple[int, ...] | None
    median: float | None = None


@dataclass(frozen=True)
class Feedback:
    """sheets of asked: answered sheets, of everybody who was at the sessions that asked for them. None: held back."""

    sheets: int | None = 0
    asked: int | None = 0
    ways: tuple[WayCount, ...] = ()
    questions: tuple[QuestionFigures, ...] = ()


FEEDBACK_WITHHELD = Feedback(sheets=None, asked=None)


@dataclass(frozen=True)
class MethodCount:
    """In how many entries of the information log this way of exploiting is told of. Small ones are not listed."""

    method: str
    n: int


@dataclass(frozen=True)
class Suggestions:
    """Suggestions the group made, and those that got an answer. None: held back."""

    made: int | None = 0
    answered: int | None = 0

    def __add__(self, other: Suggestions) -> Suggestions:
        """Of whole figures, before anything is held back."""
        return Suggestions((self.made or 0) + (other.made or 0), (self.answered or 0) + (other.answered or 0))


@dataclass(frozen=True)
class Interval:
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """Paired change in one domain, in the units of its score.

    lines  each pair as (before, after), sorted, so that nobody can be followed from one domain to the next;
           None when pooled over cohorts, and in the edition to share
    step   a change of this size or less counts as the same
    mean   only when pooled over MEAN_FROM pairs or more; `standardised` with it
    low, high, better, same, worse  None: held back in the edition to share. Where `better` is told and `same` and
           `worse` are not, the two together are the other pairs
    """

    before: float
    after: float
    median: float
    low: float | None
    high: float | None
    better: int | None
    same: int | None
    worse: int | None
    step: float
    lines: tuple[tuple[float, float], ...] | None
    mean: Interval | None = None
    standardised: float | None = None


@dataclass(frozen=True)
class AtStart:
    """Scores before the programme of those who completed it and of those who did not: people and median."""

    completed: int
    completed_median: float
    others: int
    others_median: float


@dataclass(frozen=True)
class Later:
    """Change from before the programme to three months after it, of those who answered both times.

    It is told without the scores it is the difference of: they are those of nearly the same people as in `Change`, and
    the two side by side would tell of the few between them. median None: held back, see `held` in `DomainFigures`.
    better, same, worse as in `Change`.
    """

    pairs: int
    median: float | None = None
    better: int | None = None
    same: int | None = None
    worse: int | None = None
    held: str = ""


@dataclass(frozen=True)
class DomainFigures:
    """pairs + before_only + after_only + neither = of: everybody who started, or answered both times.

    before_only, after_only, neither  None: only their sum is told, of - pairs
    held  why `change` is held back: "" (it is not, or there is no pair), "few", "differs", "open"
    """

    key: str
    title: str
    low: float
    high: float
    pairs: int
    before_only: int | None
    after_only: int | None
    neither: int | None
    of: int
    change: Change | None
    at_start: AtStart | None = None
    held: str = ""
    later: Later | None = None

    @property
    def missing(self) -> int:
        return self.of - self.pairs


@dataclass(frozen=True)
class Benefit:
    """Whether one domain got better, in a word, where the numbers may not be told. word: "most", "some", "few".

    later: the same three months later, "" where it is not told
    """

    key: str
    title: str
    word: str
    later: str = ""


TEAM, SHARED, ACROSS = "team", "shared", "across"  # editions
FORMAT = 3  # since 3 feedback that is held back is None; until then it was 0, as if there had been none


@dataclass(frozen=True)
class Figures:
    """least     the threshold they were held back with; 1: they were not
    edition   whom they are for
    benefits  (edition to share) how each domain went, in a word
    untold    (edition to share) why there are no benefits: "unasked", "few", "differs"
    pooled    (edition to share) the same of several cohorts together, where one alone is too small
    as_in_version  of which version the numbers of referrals, registers and notes are (0: there is none, and they are
                   not told); None: they are of now, as everything else
    """

    cohorts: int
    reach: Reach
    dose: Dose
    sessions: tuple[SessionFigures, ...]
    feedback: Feedback
    ways: tuple[WayCount, ...]  # of the measure's answers, before and after together
    domains: tuple[DomainFigures, ...]
    least: int = 1
    format: int = FORMAT  # of the stored form
    delivery: Delivery = Delivery()
    methods: tuple[MethodCount, ...] = ()
    suggestions: Suggestions = Suggestions()
    edition: str = TEAM
    benefits: tuple[Benefit, ...] = ()
    untold: str = ""
    pooled: Figures | None = None
    as_in_version: int | None = None

    @property
    def sessions_planned(self) -> int:
        return sum(session.planned for session in self.sessions)

    @property
    def sessions_held(self) -> int:
        return sum(session.held for session in self.sessions)

    @property
    def minutes_held(self) -> int:
        """Planned minutes of the sessions that were held."""
        return sum(session.minutes for session in self.sessions)

    def to_dict(self) -> dict[str, Any]:
        """As stored with a published version: plain JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Figures:
        """Also of versions stored before there was all of it: what they lack is as if nothing had been told."""
        made: Figures = _build(cls, data)
        if made.format < FORMAT:
            pooled = made.pooled and replace(made.pooled, format=FORMAT, feedback=FEEDBACK_WITHHELD)
            untold = made.edition != TEAM and not made.feedback.sheets
            feedback = FEEDBACK_WITHHELD if untold else made.feedback
            return replace(made, format=FORMAT, feedback=feedback, pooled=pooled)
        return made


def _build(kind: Any, data: Any) -> Any:
    """A value of the annotated type from what JSON made of it (lists for tuples, whole numbers for floats)."""
    if isinstance(kind, types.UnionType):
        if data is None:
            return None
        kind = next(part for part in typing.get_args(kind) if part is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        parts = typing.get_args(kind)
        if parts[-1] is Ellipsis:
            return tuple(_build(parts[0], item) for item in data)
        return tuple(_build(part, item) for part, item in zip(parts, data, strict=True))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{f.name: _build(hints[f.name], data[f.name]) for f in dataclasses.fields(kind) if f.name in data})
    return float(data) if kind is float else data
