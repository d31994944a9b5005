"""What one group adds to each number of a report over many, and on which of it each number of a report rests. Pure.

Kept with whatever was released of several groups (reports over many, blocks in editions to share), so that a later
release over some of the same groups can be compared with all of it: see `evaluation.disclosure.combining`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from evaluation.across.pool import Chunk, Pool
from evaluation.disclosure.combining import EACH_COLUMN, PublishedCount, SingleGroups
from evaluation.disclosure.counts import Column, Counts
from evaluation.figures.change import directions as directions_of
from evaluation.figures.shapes import Change, DomainFigures, Figures, Later

STEPS = ("referred", "offered", "started", "completed")


@dataclass(frozen=True)
class Release:
    """Figures of several groups as they were published, and what each group added to them."""

    figures: Figures
    counts: Counts


def add(counts: Counts, group: str, chunk: Chunk, step: float = 0.0) -> None:
    pool = Pool(step)
    pool.add(chunk)
    counts.add(group, dict(_columns(pool)), dict(_marks(pool)))


def _columns(pool: Pool) -> Iterator[tuple[Column, int]]:
    """Everybody once in each kind of column: by source and how far they came, by session, by how often they came."""
    for source, row in pool.reach.items():
        further = [*(row[step] for step in STEPS[1:]), 0]
        for step, more in zip(STEPS, further, strict=True):
            yield ("source", source, step), row[step] - more
    for number, row in pool.sessions.items():
        yield ("present", str(number)), row["present"]
        yield ("away", str(number)), row["expected"] - row["present"]
    for times, n in pool.dose.items():
        yield ("times", str(times)), n
    for kind, ways in (("way", pool.ways), ("sheet", pool.sheet_ways), ("method", pool.methods)):
        for name, n in ways.items():
            yield (kind, name), n
    for (key, options), question in pool.questions.items():
        yield ("question", question_name(key, options)), question.n
    yield ("suggestion", "made"), pool.made
    for spec, domain in pool.domains.items():
        for direction, n in _directions(domain.changes, pool.step):
            yield ("pairs", short(spec.key), spec.key, direction), n
        for direction, n in _directions(domain.later, pool.step):
            yield ("later", short(spec.key), spec.key, direction), n
        yield ("start", "completed", short(spec.key), spec.key), domain.completed.total()
        yield ("start", "others", short(spec.key), spec.key), domain.others.total()


def _directions(changes: Mapping[float, int], step: float) -> Iterator[tuple[str, int]]:
    yield from zip(DIRECTIONS, directions_of(changes, step), strict=True)


def _marks(pool: Pool) -> Iterator[tuple[Column, str]]:
    """The same as long as the scores are. Under a key of the service: with eight people one could try them all."""
    for spec, domain in pool.domains.items():
        for kind, scores in (("pairs", (domain.before, domain.after, domain.changes)), ("later", (domain.later,))):
            if any(scores):
                plain = repr([sorted(values.items()) for values in scores])
                mark = salted_hmac("evaluation.across_counts", plain, algorithm="sha256").hexdigest()[:16]
                yield (kind, short(spec.key), spec.key), mark


DIRECTIONS = ("better", "same", "worse")


def short(key: str) -> str:
    """The domain of "measure:domain:scale", as reports over many groups name it, or the domain itself."""
    return key.split(":")[1] if ":" in key else key


def question_name(key: str, options: Iterable[str]) -> str:
    return json.dumps([key, *options])


# --- On whom a number rests ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A number of a report, as a function from a release to the people it rests on.

    width  so many words of its columns name what a group's own page tells as one number; EACH_COLUMN: all of them.
           It decides what a reader can take away, so each number says it where it is written.
    """

    rests_on: Callable[..., list[PublishedCount]]
    width: int

    def __call__(self, release: Release, *which: object) -> list[PublishedCount]:
        return self.rests_on(release, *which)


def published_number(width: int) -> Callable[[Callable[..., list[PublishedCount]]], Number]:
    return lambda rests_on: Number(rests_on, width)


@published_number(width=2)
def sources(release: Release) -> list[PublishedCount]:
    """Each row of the table by source, step by step. The row without a name is of all the sources that have none."""
    rows = release.figures.reach.by_source
    named = {row.source for row in rows}
    return [
        _count(release, (name for name in release.counts.under("source") if _in_row(name, row.source, named, step)))
        for row in rows
        for step in STEPS
        if getattr(row, step) is not None
    ]


def _in_row(column: Column, source: str, named: set[str], step: str) -> bool:
    _kind, of, furthest = column
    of_this = of == source if source else of not in named
    return of_this and STEPS.index(furthest) >= STEPS.index(step)


@published_number(width=EACH_COLUMN)
def present(release: Release, number: int) -> list[PublishedCount]:
    sessions = [session for session in release.figures.sessions if session.number == number]
    return [_count(release, [("present", str(number))]) for session in sessions if session.present is not None]


@published_number(width=EACH_COLUMN)
def away(release: Release, number: int) -> list[PublishedCount]:
    return [_count(release, [("away", str(number))]) for _present in present(release, number)]


@published_number(width=EACH_COLUMN)
def times(release: Release) -> list[PublishedCount]:
    """How many came how often, band by band."""
    return [
        _count(release, (("times", str(number)) for number in range(band.low, band.high + 1)))
        for band in release.figures.dose.spread
    ]


@published_number(width=EACH_COLUMN)
def ways(release: Release) -> list[PublishedCount]:
    return [_count(release, [("way", way.way)]) for way in release.figures.ways if way.n is not None]


@published_number(width=EACH_COLUMN)
def sheets(release: Release) -> list[PublishedCount]:
    return [_count(release, [("sheet", way.way)]) for way in release.figures.feedback.ways if way.n is not None]


@published_number(width=1)
def answered(release: Release) -> list[PublishedCount]:
    """All sheets."""
    return [_count(release, release.counts.under("sheet"))] if release.figures.feedback.sheets else []


@published_number(width=EACH_COLUMN)
def question(release: Release, name: str) -> list[PublishedCount]:
    rows = [row for row in release.figures.feedback.questions if question_name(row.key, row.options) == name]
    return [_count(release, [("question", name)]) for row in rows if row.counts is not None]


@published_number(width=EACH_COLUMN)
def method(release: Release, name: str) -> list[PublishedCount]:
    return [_count(release, [("method", name)]) for row in release.figures.methods if row.method == name]


@published_number(width=EACH_COLUMN)
def suggestions(release: Release) -> list[PublishedCount]:
    return [_count(release, [("suggestion", "made")])] if release.figures.suggestions.made is not None else []


@published_number(width=2)
def pairs(release: Release, domain: str) -> list[PublishedCount]:
    return _of_all_directions(release, domain, "pairs")


@published_number(width=EACH_COLUMN)
def directions(release: Release, domain: str) -> list[PublishedCount]:
    """How many are better, the same, worse; and how many the pairs are, from which these can be taken."""
    return pairs(release, domain) + _each_direction(release, domain, "pairs")


@published_number(width=2)
def later(release: Release, domain: str) -> list[PublishedCount]:
    return _of_all_directions(release, domain, "later")


@published_number(width=EACH_COLUMN)
def later_directions(release: Release, domain: str) -> list[PublishedCount]:
    return later(release, domain) + _each_direction(release, domain, "later")


def _published_changes(release: Release, domain: str, kind: str) -> list[tuple[DomainFigures, Change | Later]]:
    """The rows of this domain in which change over the programme ("pairs") or until later is told."""
    changes = [(row, row.change if kind == "pairs" else row.later) for row in _changes(release, domain)]
    return [(row, change) for row, change in changes if change]


def _of_all_directions(release: Release, domain: str, kind: str) -> list[PublishedCount]:
    changes = _published_changes(release, domain, kind)
    return [_count(release, _of(release, row, kind, *DIRECTIONS)) for row, _change in changes]


def _each_direction(release: Release, domain: str, kind: str) -> list[PublishedCount]:
    changes = _published_changes(release, domain, kind)
    return [count for row, change in changes for count in _by_direction(release, row, kind, change)]


def _by_direction(release: Release, row: DomainFigures, kind: str, change: Change | Later) -> list[PublishedCount]:
    if change.better is None:
        return []
    rest = [("same",), ("worse",)] if change.worse is not None else [("same", "worse")]
    return [_count(release, _of(release, row, kind, *which)) for which in [("better",), *rest]]


@published_number(width=3)
def at_start(release: Release, domain: str) -> list[PublishedCount]:
    rows = [row for row in release.figures.domains if short(row.key) == short(domain) and row.at_start]
    return [
        _count(release, _of_measure(release, row.key, "start", which))
        for row in rows
        for which in ("completed", "others")
    ]


def _changes(release: Release, domain: str) -> list[DomainFigures]:
    return [row for row in release.figures.domains if short(row.key) == short(domain) and row.change]


def _of(release: Release, row: DomainFigures, kind: str, *which: str) -> Iterator[Column]:
    return (column for column in _of_measure(release, row.key, kind) if column[-1] in which)


def _of_measure(release: Release, key: str, *words: str) -> Iterator[Column]:
    """Of this measure where the key names one; of every measure with such a domain where it does not."""
    return release.counts.under(*words, short(key), *([key] if key != short(key) else []))


def _count(release: Release, columns: Iterable[Column]) -> PublishedCount:
    return PublishedCount(release.counts, frozenset(columns))


# --- What a group's own page and editions tell ------------------------------------------------------------


def note(single_groups: SingleGroups, every: Sequence[Counts], group: str, figures: Mapping[str, Any]) -> None:
    """Takes down what was published of one group, as it is stored, where another number of people is among `every`."""
    over = [counts for counts in every if group in counts.groups]
    for number, n in _published_numbers(figures):
        if any(n != sum(counts.of(group, column) for column in counts.under(*number)) for counts in over):
            single_groups.published.setdefault((group, number), set()).add(n)


def note_withdrawal(single_groups: SingleGroups, group: str, told_before: Mapping[str, int]) -> None:
    """Takes down what a group's page told when somebody withdrew (`evaluation.disclosure.differencing.bases`)."""
    for key, n in told_before.items():
        kind, _colon, name = key.rpartition(":")
        plain = {"": ("pairs", name), "way": ("way", name), "later": ("later", name)}
        number = plain.get(kind, ("start", kind, name))
        single_groups.published.setdefault((group, number), set()).add(n)
        single_groups.touched.add((group, number))


def _published_numbers(figures: Mapping[str, Any]) -> Iterator[tuple[Column, int]]:
    for session in figures["sessions"]:
        if session["present"] is not None:
            yield ("present", str(session["number"])), session["present"]
    for row in figures["ways"]:
        if row["n"]:
            yield ("way", row["way"]), row["n"]
    feedback = figures["feedback"]
    if feedback["sheets"] is not None:
        yield ("sheet",), feedback["sheets"]
    for row in feedback["ways"]:
        if row["n"]:
            yield ("sheet", row["way"]), row["n"]
    for row in feedback["questions"]:
        if row["counts"] is not None:
            yield ("question", question_name(row["key"], row["options"])), row["n"]
    for row in figures.get("methods", ()):
        yield ("method", row["method"]), row["n"]
    for row in figures["domains"]:
        if row["change"]:
            yield ("pairs", row["key"]), row["pairs"]
            if (since := row.get("later")) and since["median"] is not None:
                yield ("later", row["key"]), since["pairs"]
        if row.get("at_start"):
            yield ("start", "completed", row["key"]), row["at_start"]["completed"]
            yield ("start", "others", row["key"]), row["at_start"]["others"]
