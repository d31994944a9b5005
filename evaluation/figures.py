"""What the evaluation says in numbers. Pure: rows in, one `Figures` out, which feeds page, PDF and export alike.

Nothing is held back here; `evaluation.disclosure` does that before anybody sees it.
"""

from __future__ import annotations

import dataclasses
import math
import statistics
import types
import typing
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

STARTED_FROM = 1  # sessions attended by somebody who has started
COMPLETED_SHARE = (2, 3)  # of the sessions, attended by somebody who has completed: 4 of 6. Our own definition.
MEAN_FROM = 30  # pairs, pooled over cohorts, from which a mean and its interval are given
PERCENT_FROM = 10  # people from whom percentages are given

# --- Rows in -------------------------------------------------------------------------------------


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
    before, after  None: not answered, or no consent to the evaluation
    """

    source: str
    offered: bool = False
    sessions: int = 6
    attended: frozenset[int] = frozenset()
    expected: frozenset[int] = frozenset()
    before: Scores | None = None
    after: Scores | None = None

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
    number: int
    title: str
    minutes: int  # planned
    held: bool


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


# --- Figures out ---------------------------------------------------------------------------------


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
class Dose:
    """Sessions attended per person who started. None: nobody, or held back."""

    people: int
    median: float | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class SessionFigures:
    """A session (of several cohorts: all sessions of that number). present, expected: None when held back."""

    number: int
    title: str
    planned: int
    held: int
    minutes: int
    present: int | None
    expected: int | None


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
    """sheets of asked: answered sheets, of everybody who was at the sessions that asked for them."""

    sheets: int = 0
    asked: int = 0
    ways: tuple[WayCount, ...] = ()
    questions: tuple[QuestionFigures, ...] = ()


@dataclass(frozen=True)
class Interval:
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """Paired change in one domain, in the units of its score.

    lines  each pair as (before, after), sorted, so that nobody can be followed from one domain to the next;
           None when pooled over cohorts
    step   a change of this size or less counts as the same
    mean   only when pooled over MEAN_FROM pairs or more
    """

    before: float
    after: float
    median: float
    low: float
    high: float
    better: int
    same: int
    worse: int
    step: float
    lines: tuple[tuple[float, float], ...] | None
    mean: Interval | None = None


@dataclass(frozen=True)
class AtStart:
    """Scores before the programme of those who completed it and of those who did not: people and median."""

    completed: int
    completed_median: float
    others: int
    others_median: float


@dataclass(frozen=True)
class DomainFigures:
    """pairs + before_only + after_only + neither = of: everybody who started.

    held  why `change` is held back: "" (it is not, or there is no pair), "few", "differs"
    """

    key: str
    title: str
    low: float
    high: float
    pairs: int
    before_only: int
    after_only: int
    neither: int
    of: int
    change: Change | None
    at_start: AtStart | None = None
    held: str = ""


@dataclass(frozen=True)
class Figures:
    cohorts: int
    reach: Reach
    dose: Dose
    sessions: tuple[SessionFigures, ...]
    feedback: Feedback
    ways: tuple[WayCount, ...]  # of the measure's answers, before and after together
    domains: tuple[DomainFigures, ...]
    least: int = 1  # the threshold they were held back with
    format: int = field(default=1)  # of the stored form

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
        return _build(cls, data)


def figures(
    *,
    people: Iterable[PersonRow],
    sessions: Iterable[SessionRow],
    domains: Sequence[DomainSpec] = (),
    sheets: Iterable[SheetRow] = (),
    questions: Sequence[QuestionSpec] = (),
    asked: int = 0,
    cohorts: int = 1,
    step: float = 0.0,
) -> Figures:
    """Everything at once, of one cohort or of several. The order of the rows makes no difference."""
    people, sheets = list(people), list(sheets)
    started = [person for person in people if person.started]
    answered = [scores for person in started for scores in (person.before, person.after) if scores is not None]
    return Figures(
        cohorts=cohorts,
        reach=_reach(people),
        dose=_dose(started),
        sessions=_sessions(sessions, people),
        feedback=_feedback(sheets, questions, asked),
        ways=_ways(scores.way for scores in answered),
        domains=tuple(_domain(spec, people, pooled=cohorts > 1, step=step) for spec in domains),
    )


def percent(n: int, of: int) -> int | None:
    """Per cent, rounded, halves up; None where `of` is too small for a percentage to mean anything."""
    return math.floor(100 * n / of + 0.5) if of >= PERCENT_FROM else None


# --- Reach, dose, delivery -------------------------------------------------------------------------


def _reach(people: Sequence[PersonRow]) -> Reach:
    def count(rows: Sequence[PersonRow]) -> dict[str, int]:
        return {
            "referred": len(rows),
            "offered": sum(row.offered or row.started for row in rows),
            "started": sum(row.started for row in rows),
            "completed": sum(row.completed for row in rows),
        }

    sources = sorted({person.source for person in people})
    by_source = tuple(
        SourceReach(source=source, **count([person for person in people if person.source == source]))
        for source in sources
    )
    return Reach(**count(people), by_source=by_source)


def _dose(started: Sequence[PersonRow]) -> Dose:
    counts = [len(person.attended) for person in started]
    if not counts:
        return Dose(people=0)
    return Dose(people=len(counts), median=float(statistics.median(counts)), low=min(counts), high=max(counts))


def _sessions(rows: Iterable[SessionRow], people: Sequence[PersonRow]) -> tuple[SessionFigures, ...]:
    """Session by session. Present of expected counts those held only."""
    present = Counter(number for person in people for number in person.attended)
    expected = Counter(number for person in people for number in person.expected | person.attended)
    by_number: dict[int, list[SessionRow]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    return tuple(
        SessionFigures(
            number=number,
            title=min(row.title for row in same),
            planned=len(same),
            held=sum(row.held for row in same),
            minutes=sum(row.minutes for row in same if row.held),
            present=present[number],
            expected=expected[number],
        )
        for number, same in sorted(by_number.items())
    )


# --- Feedback --------------------------------------------------------------------------------------


def _ways(ways: Iterable[str]) -> tuple[WayCount, ...]:
    return tuple(WayCount(way, n) for way, n in sorted(Counter(ways).items()))


def _feedback(sheets: Sequence[SheetRow], questions: Sequence[QuestionSpec], asked: int) -> Feedback:
    return Feedback(
        sheets=len(sheets),
        asked=asked,
        ways=_ways(sheet.way for sheet in sheets),
        questions=tuple(_question(spec, sheets) for spec in questions),
    )


def _question(spec: QuestionSpec, sheets: Sequence[SheetRow]) -> QuestionFigures:
    values = sorted(sheet.answers[spec.key] for sheet in sheets if spec.key in sheet.answers)
    counts = Counter(values)
    return QuestionFigures(
        key=spec.key,
        text=spec.text,
        options=spec.options,
        n=len(values),
        counts=tuple(counts[index] for index in range(len(spec.options))),
        median=float(statistics.median(values)) if values and spec.ordered else None,
    )


# --- Change before to after ------------------------------------------------------------------------


def _domain(spec: DomainSpec, people: Sequence[PersonRow], *, pooled: bool, step: float) -> DomainFigures:
    def of(scores: Scores | None) -> float | None:
        return scores.domains.get(spec.key) if scores else None

    started = [(of(person.before), of(person.after)) for person in people if person.started]
    pairs = sorted((before, after) for before, after in started if before is not None and after is not None)
    return DomainFigures(
        key=spec.key,
        title=spec.title,
        low=spec.low,
        high=spec.high,
        pairs=len(pairs),
        before_only=sum(before is not None and after is None for before, after in started),
        after_only=sum(before is None and after is not None for before, after in started),
        neither=sum(before is None and after is None for before, after in started),
        of=len(started),
        change=change(pairs, pooled=pooled, step=step) if pairs else None,
        at_start=_at_start([(of(person.before), person.completed) for person in people]),
    )


def change(pairs: Sequence[tuple[float, float]], *, pooled: bool = False, step: float = 0.0) -> Change:
    """Paired change. At least one pair.

    The median of the changes is not the difference of the medians: both are given, and the change is what counts.
    """
    # Means of items differ by parts of a third or a quarter; rounding takes away what floating point adds to them.
    changes = [round(after - before, 9) for before, after in pairs]
    return Change(
        before=float(statistics.median(before for before, _ in pairs)),
        after=float(statistics.median(after for _, after in pairs)),
        median=float(statistics.median(changes)),
        low=min(changes),
        high=max(changes),
        better=sum(value > step for value in changes),
        same=sum(abs(value) <= step for value in changes),
        worse=sum(value < -step for value in changes),
        step=step,
        lines=None if pooled else tuple(sorted((float(before), float(after)) for before, after in pairs)),
        mean=paired_interval(changes) if pooled and len(changes) >= MEAN_FROM else None,
    )


def paired_interval(changes: Sequence[float]) -> Interval:
    """Mean change with its 95 % interval, in the units of the score. At least two changes.

    The paired t-interval: mean +- t(0.975, n - 1) * s / sqrt(n), s being the standard deviation of the changes with
    n - 1 below the line (Student 1908, Biometrika 6:1-25; Altman 1991, Practical Statistics for Medical Research).
    """
    n = len(changes)
    mean = statistics.fmean(changes)
    half = t_975(n - 1) * statistics.stdev(changes) / math.sqrt(n)
    return Interval(mean=mean, low=mean - half, high=mean + half)


def t_975(df: int) -> float:
    """The 97.5 % point of Student's t for `df` degrees of freedom.

    The expansion about the normal quantile in Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.5.
    Off by less than 0.001 from 7 degrees of freedom and 0.00001 from 29, the fewest used here.
    """
    z = statistics.NormalDist().inv_cdf(0.975)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / df**power for power, term in enumerate(terms, start=1))


def _at_start(rows: Sequence[tuple[float | None, bool]]) -> AtStart | None:
    completed = [before for before, done in rows if before is not None and done]
    others = [before for before, done in rows if before is not None and not done]
    if not completed or not others:
        return None
    return AtStart(
        completed=len(completed),
        completed_median=float(statistics.median(completed)),
        others=len(others),
        others_median=float(statistics.median(others)),
    )


# --- Back from JSON --------------------------------------------------------------------------------


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
