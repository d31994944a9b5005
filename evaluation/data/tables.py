"""The figures as tables for a spreadsheet, with their codebook. Pure: `Figures` in, tables out.

Everything comes from the same held-back `Figures` as the page and the report, so a file tells no more than they do.
An empty cell is a figure that is held back, or one that there is not. Rows of pairs are sorted by their values: they
cannot be followed from one domain to the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.data import empty_tables
from evaluation.figures.shapes import Change, DomainFigures, Figures, Later
from evaluation.words import method_name, source_name

Cell = str | int | float | None

COUNT = _("whole number")


@dataclass(frozen=True)
class Column:
    """meaning: one sentence for the codebook. values: its unit, or the words it may hold."""

    name: str
    meaning: str | Promise
    values: str | Promise = COUNT


@dataclass(frozen=True)
class Table:
    """A sheet of the workbook and a file of the archive. Names are short and plain: they become file names.

    nothing: why there is no row, in a sentence; "" where there are some
    """

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str | Promise = ""

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


PEOPLE, WORDS, SCORE, MINUTES = _("people"), _("words"), _("units of the score"), _("minutes")

OVERVIEW = (
    Column("figure", _("What is counted"), WORDS),
    Column("value", _("How many, or how much"), _("number")),
    Column("of", _("Out of how many; empty where there is no whole")),
)
SOURCES = (
    Column("source", _("How people reached the service; small ones are put together"), WORDS),
    Column("referred", _("People referred"), PEOPLE),
    Column("offered", _("Of those, people offered a place"), PEOPLE),
    Column("started", _("Of those, people who came at least once"), PEOPLE),
    Column("completed", _("Of those, people who came to enough sessions"), PEOPLE),
)
ATTENDANCE = (
    Column("from_sessions", _("People who came to at least so many sessions"), _("sessions")),
    Column("to_sessions", _("and to no more than so many"), _("sessions")),
    Column("people", _("How many people that is"), PEOPLE),
)
SESSIONS = (
    Column("number", _("The session's number in the programme")),
    Column("title", _("Its title"), WORDS),
    Column("planned", _("How often it was planned")),
    Column("held", _("How often it was held")),
    Column("minutes", _("Planned minutes of those held"), MINUTES),
    Column("present", _("People who were there"), PEOPLE),
    Column("expected", _("People who had a place that day"), PEOPLE),
    Column("by_clock", _("How often it was run by the clock")),
    Column("clock_planned", _("Planned minutes of those run by the clock"), MINUTES),
    Column("clock_took", _("Minutes that they took"), MINUTES),
)
FEEDBACK = (
    Column("question", _("What was asked after sessions"), WORDS),
    Column("option", _("An answer that could be chosen"), WORDS),
    Column("count", _("How often it was chosen")),
    Column("answers", _("How many answered the question")),
    Column("median", _("The median of all answers, as the place of the option, the first being 0"), _("number")),
)
WAYS = (
    Column("of", _("Which answers: feedback, or before and after"), _("feedback, measure")),
    Column("way", _("How they came"), _("online, paper, spoken")),
    Column("answers", _("How many")),
)
CHANGE = (
    Column("domain", _("What the score is about"), WORDS),
    Column("pairs", _("People with a score before and after"), PEOPLE),
    Column("of", _("People who came at least once, or answered both times"), PEOPLE),
    Column("before_only", _("People with a score before only"), PEOPLE),
    Column("after_only", _("People with a score after only"), PEOPLE),
    Column("neither", _("People with neither"), PEOPLE),
    Column("lowest", _("The lowest score there can be"), SCORE),
    Column("highest", _("The highest score there can be"), SCORE),
    Column("median_before", _("Median of the pairs before"), SCORE),
    Column("median_after", _("Median of the pairs after"), SCORE),
    Column("median_change", _("Median of the changes, after less before"), SCORE),
    Column("lowest_change", _("The smallest change, or the largest loss"), SCORE),
    Column("highest_change", _("The largest change"), SCORE),
    Column("better", _("People whose score went up by more than the step"), PEOPLE),
    Column("same", _("People whose score changed by the step or less"), PEOPLE),
    Column("worse", _("People whose score went down by more than the step"), PEOPLE),
    Column("step", _("A change of this size or less counts as the same"), SCORE),
    Column("mean_change", _("Mean of the changes, from 30 pairs over several groups"), SCORE),
    Column("mean_low", _("Lower end of its 95 % confidence interval (Student's t)"), SCORE),
    Column("mean_high", _("Upper end of its 95 % confidence interval (Student's t)"), SCORE),
    Column("standardised", _("The mean change divided by the standard deviation of the changes"), _("number")),
    Column("later_pairs", _("People with a score before and three months later"), PEOPLE),
    Column("later_change", _("Median of their changes, three months later less before"), SCORE),
    Column("later_better", _("Of those, people whose score was higher by more than the step"), PEOPLE),
    Column("later_same", _("People whose score differed by the step or less"), PEOPLE),
    Column("later_worse", _("People whose score was lower by more than the step"), PEOPLE),
    Column(
        "held_back",
        _("Why the change is not told; empty where it is told, or where nobody answered both times"),
        _(
            "“few”: fewer people answered both times than a figure rests on at least. "
            "“differs”: laid beside what was told before, it would tell of a few people. "
            "“open”: the questions could still be answered."
        ),
    ),
)
PAIRS = (
    Column("domain", _("What the score is about"), WORDS),
    Column("before", _("One person's score before"), SCORE),
    Column("after", _("The same person's score after"), SCORE),
)
AT_START = (
    Column("domain", _("What the score is about"), WORDS),
    Column("completed", _("People who completed, with a score before"), PEOPLE),
    Column("completed_median", _("Their median before"), SCORE),
    Column("others", _("People who did not complete, with a score before"), PEOPLE),
    Column("others_median", _("Their median before"), SCORE),
)
METHODS = (
    Column("method", _("A way of exploiting that caregivers told of"), WORDS),
    Column("entries", _("In how many entries of the information log")),
)
CODEBOOK = (
    Column("table", _("The sheet or file"), WORDS),
    Column("column", _("The column in it"), WORDS),
    Column("meaning", _("What it says"), WORDS),
    Column("values", _("Its unit or the values it may have"), WORDS),
)


def tables(figures: Figures) -> list[Table]:
    """Every table of these figures, those without a row too."""
    made = [
        Table("overview", _("Overview"), OVERVIEW, tuple(_overview(figures))),
        Table("reach_by_source", _("Reach, by source"), SOURCES, tuple(_sources(figures))),
        Table("attendance", _("Attendance"), ATTENDANCE, tuple((b.low, b.high, b.people) for b in figures.dose.spread)),
        Table("sessions", _("Sessions"), SESSIONS, tuple(_sessions(figures))),
        Table("feedback", _("Feedback"), FEEDBACK, tuple(_feedback(figures))),
        Table("ways", _("How answers came"), WAYS, tuple(_ways(figures))),
        Table("change", _("Before and after"), CHANGE, tuple(_change(domain) for domain in figures.domains)),
        Table("pairs", _("Pairs, before and after"), PAIRS, tuple(_pairs(figures.domains))),
        Table("at_start", _("Those who completed, and the others, at the start"), AT_START, tuple(_at_start(figures))),
        Table("methods", _("Patterns of exploitation"), METHODS, tuple(_methods(figures))),
    ]
    why = empty_tables.why(figures)
    return [table if table.rows else replace(table, nothing=why[table.name]) for table in made]


def codebook(every: Iterable[Table]) -> Table:
    """What each column of these tables means."""
    rows = tuple(
        (table.name, column.name, str(column.meaning), str(column.values))
        for table in every
        for column in table.columns
    )
    return Table("codebook", _("Codebook"), CODEBOOK, rows)


def _overview(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    reach, dose, items = figures.reach, figures.dose, figures.delivery
    yield "groups", figures.cohorts, None
    yield "people a figure rests on at least", figures.least, None
    yield "referred", reach.referred, None
    yield "offered", reach.offered, reach.referred
    yield "started", reach.started, reach.referred
    yield "completed", reach.completed, reach.started
    yield "sessions held", figures.sessions_held, figures.sessions_planned
    yield "planned minutes of sessions held", figures.minutes_held, None
    yield "sessions attended, median", dose.median, dose.people
    yield "sessions run by the clock", items.run, figures.sessions_held
    yield "minutes they were planned for", items.plan, None
    yield "minutes they took", items.took, None
    for name in ("done", "shortened", "extended", "left_out"):
        yield f"items {name.replace('_', ' ')}", getattr(items, name), items.planned_items
    yield "items added", items.added, None
    yield "changes with a reason", items.reasons, items.changed
    yield "changes the group asked for", items.by_group, items.reasons
    yield "feedback sheets", figures.feedback.sheets, figures.feedback.asked
    yield "suggestions answered", figures.suggestions.answered, figures.suggestions.made


def _sources(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    for row in figures.reach.by_source:
        yield source_name(row.source), row.referred, row.offered, row.started, row.completed


def _methods(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    return ((method_name(row.method), row.n) for row in figures.methods)


def _sessions(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    for session in figures.sessions:
        yield (
            *(session.number, session.title, session.planned, session.held, session.minutes),
            *(session.present, session.expected),
            *(session.run, session.plan, session.took),
        )


def _feedback(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    for question in figures.feedback.questions:
        counts = question.counts or (None,) * len(question.options)
        for option, count in zip(question.options, counts, strict=True):
            yield question.text, option, count, None if question.counts is None else question.n, question.median


def _ways(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    for of, ways in (("feedback", figures.feedback.ways), ("measure", figures.ways)):
        for way in ways:
            yield of, way.way, way.n


def _change(domain: DomainFigures) -> tuple[Cell, ...]:
    return (
        *(
            domain.title,
            *(
                (None,) * 5  # a withdrawal would show in how many they are
                if domain.held
                else (domain.pairs, domain.of, domain.before_only, domain.after_only, domain.neither)
            ),
        ),
        *(domain.low, domain.high),
        *(_told(domain.change) if domain.change else (None,) * 13),
        *(_later(domain.later) if domain.later else (None,) * 5),
        domain.held,
    )


def _told(change: Change) -> tuple[Cell, ...]:
    mean = change.mean
    return (
        *(change.before, change.after, change.median, change.low, change.high),
        *(change.better, change.same, change.worse, change.step),
        *((mean.mean, mean.low, mean.high) if mean else (None, None, None)),
        change.standardised,
    )


def _later(later: Later) -> tuple[Cell, ...]:
    return None if later.held else later.pairs, later.median, later.better, later.same, later.worse


def _pairs(domains: Iterable[DomainFigures]) -> Iterable[tuple[Cell, ...]]:
    for domain in domains:
        if domain.change:
            for before, after in sorted(domain.change.lines or ()):
                yield domain.title, before, after


def _at_start(figures: Figures) -> Iterable[tuple[Cell, ...]]:
    for domain in figures.domains:
        if at := domain.at_start:
            yield domain.title, at.completed, at.completed_median, at.others, at.others_median
