"""Figures over any number of groups, read some at a time. Pure: rows in, one `Figures` out.

Only counts, sums and how often each value came are kept, so that ten thousand groups take no more memory than ten.
What comes out is what `evaluation.figures` makes of all the rows at once, by the same functions wherever counts simply
add up; `tests/evaluation/across/test_across.py` holds the two against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from evaluation.figures.attendance import sessions as by_session
from evaluation.figures.change import MEAN_FROM, directions, interval
from evaluation.figures.delivery import delivery
from evaluation.figures.feedback import feedback
from evaluation.figures.reach import reach
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow, SheetRow
from evaluation.figures.shapes import (
    AtStart,
    Band,
    Change,
    Delivery,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    MethodCount,
    QuestionFigures,
    Reach,
    SessionFigures,
    SourceReach,
    Suggestions,
    WayCount,
)
from evaluation.figures.statistics import Moments, standardised

NOTHING = Suggestions()
Answers = tuple[Scores | None, Scores | None, Scores | None]  # before, after, three months later


@dataclass(frozen=True)
class Asked:
    """Sheets that were answered to the same version of the questions, of `asked` that could have been."""

    sheets: Sequence[SheetRow]
    questions: Sequence[QuestionSpec]
    asked: int


@dataclass(frozen=True)
class Chunk:
    """Rows of some groups, in any order.

    cards     answers under a card, which belong to nobody in `people`
    counted   how many of `people` started in those groups and are their holders, one cannot know which
    """

    cohorts: int
    people: Sequence[PersonRow]
    sessions: Sequence[SessionRow]
    domains: Sequence[DomainSpec] = ()
    feedback: Sequence[Asked] = ()
    cards: Sequence[Answers] = ()
    counted: int = 0
    methods: Mapping[str, int] = field(default_factory=dict)
    suggestions: Suggestions = NOTHING


class Pool:
    """Takes chunk after chunk, and is asked for the figures at the end."""

    def __init__(self, step: float = 0.0) -> None:
        self.step = step
        self.cohorts = self.started = self.sheets = self.asked = 0
        self.made = self.answered = 0
        self.reach: dict[str, Counter[str]] = {}
        self.dose: Counter[int] = Counter()
        self.sessions: dict[int, Counter[str]] = {}
        self.titles: dict[int, Counter[str]] = {}
        self.delivery: Counter[str] = Counter()
        self.methods: Counter[str] = Counter()
        self.ways: Counter[str] = Counter()
        self.sheet_ways: Counter[str] = Counter()
        self.questions: dict[tuple[str, tuple[str, ...]], _Question] = {}
        self.domains: dict[DomainSpec, _Domain] = {}

    def add(self, chunk: Chunk) -> None:
        self.cohorts += chunk.cohorts
        self.started += sum(person.started for person in chunk.people) + len(chunk.cards) - chunk.counted
        for row in reach(chunk.people).by_source:
            self.reach.setdefault(row.source, Counter()).update(_numbers(row))
        self.dose.update(len(person.attended) for person in chunk.people if person.started)
        for shown in by_session(chunk.sessions, chunk.people):
            self.sessions.setdefault(shown.number, Counter()).update(_numbers(shown))
        for session in chunk.sessions:
            self.titles.setdefault(session.number, Counter())[session.title] += 1
        self.delivery.update(_numbers(delivery(chunk.sessions)))
        self.methods.update(chunk.methods)
        self.made += chunk.suggestions.made or 0
        self.answered += chunk.suggestions.answered or 0
        self.ways.update(
            scores.way
            for before, after, _later in [*map(_answers, chunk.people), *chunk.cards]
            for scores in (before, after)
            if scores
        )
        for asked in chunk.feedback:
            self._feedback(asked)
        for spec in chunk.domains:
            self.domains.setdefault(spec, _Domain())
        for spec, domain in self.domains.items():
            domain.add(spec.key, chunk.people, chunk.cards)

    def _feedback(self, asked: Asked) -> None:
        made = feedback(list(asked.sheets), asked.questions, asked.asked)
        self.sheets += made.sheets or 0
        self.asked += made.asked or 0
        self.sheet_ways.update({way.way: way.n or 0 for way in made.ways})
        for spec, question in zip(asked.questions, made.questions, strict=True):
            answers = self.questions.setdefault((spec.key, spec.options), _Question(spec))
            answers.n += question.n
            answers.counts.update(dict(enumerate(question.counts or ())))

    # --- At the end ------------------------------------------------------------------------------------

    def figures(self) -> Figures:
        sources = tuple(SourceReach(source, **counts) for source, counts in sorted(self.reach.items()))
        reach = {column: sum(getattr(row, column) for row in sources) for column in REACH}
        return Figures(
            cohorts=self.cohorts,
            reach=Reach(**reach, by_source=sources),
            dose=self._dose(),
            sessions=tuple(
                SessionFigures(number=number, title=_usual(self.titles[number]), **counts)
                for number, counts in sorted(self.sessions.items())
            ),
            feedback=Feedback(
                sheets=self.sheets,
                asked=self.asked,
                ways=_ways(self.sheet_ways),
                questions=tuple(question.figures() for question in self.questions.values()),
            ),
            ways=_ways(self.ways),
            domains=tuple(domain.figures(spec, self.started, self.step) for spec, domain in self.domains.items()),
            delivery=Delivery(**self.delivery),
            methods=tuple(MethodCount(method, n) for method, n in sorted(self.methods.items()) if n),
            suggestions=Suggestions(made=self.made, answered=self.answered),
        )

    def _dose(self) -> Dose:
        if not self.dose:
            return Dose(people=0)
        low, high = min(self.dose), max(self.dose)
        return Dose(
            people=self.dose.total(),
            median=middle(self.dose),
            spread=tuple(Band(number, number, self.dose[number]) for number in range(low, high + 1)),
        )


@dataclass
class _Question:
    spec: QuestionSpec
    n: int = 0
    counts: Counter[int] = field(default_factory=Counter)

    def figures(self) -> QuestionFigures:
        return QuestionFigures(
            key=self.spec.key,
            text=self.spec.text,
            options=self.spec.options,
            n=self.n,
            counts=tuple(self.counts[index] for index in range(len(self.spec.options))),
            median=middle(self.counts) if self.n and self.spec.ordered else None,
        )


@dataclass
class _Domain:
    """How often each score and each change came, and what their means are made of.

    Scores are means or sums of a few answers, so there are some dozens of values at most, however many people.
    """

    before: Counter[float] = field(default_factory=Counter)
    after: Counter[float] = field(default_factory=Counter)
    changes: Counter[float] = field(default_factory=Counter)
    later: Counter[float] = field(default_factory=Counter)  # changes from before to three months later
    spread: tuple[Moments, Moments, Moments] = (Moments(), Moments(), Moments())  # before, after, changes
    before_only: int = 0
    after_only: int = 0
    unmarked: int = 0  # answered both times, and no register says that they came
    completed: Counter[float] = field(default_factory=Counter)
    others: Counter[float] = field(default_factory=Counter)

    def add(self, key: str, people: Iterable[PersonRow], cards: Iterable[Answers]) -> None:
        """As `evaluation.figures.change.domain` counts them; whoever holds a card came."""

        def of(scores: Scores | None) -> float | None:
            return scores.domains.get(key) if scores else None

        people = list(people)
        rows = [*((*_answers(person), person.started) for person in people), *((*answers, True) for answers in cards)]
        scored = [(of(before), of(after), started) for before, after, _later, started in rows]
        since = [(of(before), of(later)) for before, _after, later, _started in rows]
        self.later.update(
            round(later - before, 9) for before, later in since if before is not None and later is not None
        )
        pairs = sorted((before, after) for before, after, _ in scored if before is not None and after is not None)
        changes = [round(after - before, 9) for before, after in pairs]  # as evaluation.figures.change
        befores, afters = [before for before, _ in pairs], [after for _, after in pairs]
        for counter, values in ((self.before, befores), (self.after, afters), (self.changes, changes)):
            counter.update(values)
        more = (Moments.of(befores), Moments.of(afters), Moments.of(changes))
        self.spread = (self.spread[0] + more[0], self.spread[1] + more[1], self.spread[2] + more[2])
        came = [(before is not None, after is not None) for before, after, started in scored if started]
        self.before_only += came.count((True, False))
        self.after_only += came.count((False, True))
        self.unmarked += len(pairs) - came.count((True, True))
        for person in people:
            if (before := of(person.before)) is not None:
                (self.completed if person.completed else self.others)[before] += 1

    def figures(self, spec: DomainSpec, started: int, step: float) -> DomainFigures:
        """started: everybody who started, those who were never asked among them."""
        pairs, of = self.changes.total(), started + self.unmarked
        return DomainFigures(
            key=spec.key,
            title=spec.title,
            low=spec.low,
            high=spec.high,
            pairs=pairs,
            before_only=self.before_only,
            after_only=self.after_only,
            neither=of - pairs - self.before_only - self.after_only,
            of=of,
            change=self._change(step) if pairs else None,
            at_start=self._at_start(),
            later=self._later(step),
        )

    def _later(self, step: float) -> Later | None:
        if not self.later:
            return None
        return Later(self.later.total(), middle(self.later), *directions(self.later, step))

    def _change(self, step: float) -> Change:
        before, after, changes = self.spread
        with_mean = changes.n >= MEAN_FROM
        better, same, worse = directions(self.changes, step)
        return Change(
            before=middle(self.before),
            after=middle(self.after),
            median=middle(self.changes),
            low=min(self.changes),
            high=max(self.changes),
            better=better,
            same=same,
            worse=worse,
            step=step,
            lines=None,
            mean=interval(changes) if with_mean else None,
            standardised=standardised(changes.mean, before, after) if with_mean else None,
        )

    def _at_start(self) -> AtStart | None:
        if not self.completed or not self.others:
            return None
        return AtStart(
            completed=self.completed.total(),
            completed_median=middle(self.completed),
            others=self.others.total(),
            others_median=middle(self.others),
        )


REACH = ("referred", "offered", "started", "completed")


def _answers(person: PersonRow) -> Answers:
    return person.before, person.after, person.later


def middle(values: Mapping[float, int] | Mapping[int, int]) -> float:
    """The median of numbers given as value -> how often; midway between the two in the middle of an even number."""
    half, passed = sum(values.values()) / 2, 0
    ordered = sorted((value, n) for value, n in values.items() if n)
    for place, (value, n) in enumerate(ordered):
        passed += n
        if passed > half:
            return float(value)
        if passed == half:
            return (value + ordered[place + 1][0]) / 2
    raise ValueError("No number has no median.")


def _numbers(row: SourceReach | SessionFigures | Delivery) -> dict[str, int]:
    """The counts of a row, to be added up. What names it is left out."""
    return {part.name: getattr(row, part.name) for part in fields(row) if part.name not in NAMING}


NAMING = ("source", "number", "title")


def _usual(titles: Counter[str]) -> str:
    """What most groups call it; of several, the first by the alphabet."""
    return min(titles, key=lambda title: (-titles[title], title))


def _ways(counts: Counter[str]) -> tuple[WayCount, ...]:
    return tuple(WayCount(way, n) for way, n in sorted(counts.items()) if n)
