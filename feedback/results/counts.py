"""What a group answered, in counts. Pure: rows in, dataclasses out.

Nothing is crossed with anything: with eight people a table of two questions could tell who is who. That enough
people sent a sheet was settled when the box was opened (`actions.close_form`); a question that too few of them answered
is held back by itself.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

SCALE, CHOICE, SEVERAL, NUMBER, TEXT = "scale", "choice", "several", "number", "text"
HIGHEST = 10


@dataclass(frozen=True)
class Asked:
    """A question. `options` are its words; those of a scale stand lowest first."""

    slug: str
    text: str
    kind: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One answered sheet: question's slug → index of the word chosen, or the number given.

    `several`: question's slug → indexes of all that were ticked, where one could tick more than one.
    """

    answers: Mapping[str, int]
    way: str = "online"
    several: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Comment:
    """What somebody wrote, by itself: it belongs to no sheet. `key` is random and gives the order."""

    key: str
    slug: str
    text: str


@dataclass(frozen=True)
class OptionCount:
    text: str
    count: int


@dataclass(frozen=True)
class QuestionResult:
    """One question's answers. n: how many answered it. median: an index into `options`, of scales and numbers.

    held  fewer than may be shown, perhaps none: then there is nothing else, not even how many
    """

    asked: Asked
    n: int
    options: tuple[OptionCount, ...] = ()
    median: float | None = None
    comments: tuple[str, ...] = ()
    held: bool = False


@dataclass(frozen=True)
class Results:
    """n: answered sheets, those with nothing but words included."""

    n: int
    questions: tuple[QuestionResult, ...]


def results(
    questions: Sequence[Asked], sheets: Iterable[Sheet], comments: Iterable[Comment], least: int = 0
) -> Results:
    """The order of the rows makes no difference: comments stand by their random keys."""
    sheets = list(sheets)
    comments = sorted(comments, key=lambda comment: comment.key)
    rows = (_result(asked, sheets, comments) for asked in questions)
    return Results(n=len(sheets), questions=tuple(_held(row) if _too_few(row, least) else row for row in rows))


def _too_few(result: QuestionResult, least: int) -> bool:
    """Words were told to be shown one by one, and belong to no sheet."""
    return result.asked.kind != TEXT and result.n < least


def _held(result: QuestionResult) -> QuestionResult:
    return QuestionResult(asked=result.asked, n=0, held=True)


def _result(asked: Asked, sheets: Sequence[Sheet], comments: Sequence[Comment]) -> QuestionResult:
    if asked.kind == TEXT:
        written = tuple(comment.text for comment in comments if comment.slug == asked.slug)
        return QuestionResult(asked=asked, n=len(written), comments=written)
    if asked.kind == SEVERAL:
        return _several(asked, [sheet.several[asked.slug] for sheet in sheets if asked.slug in sheet.several])
    values = [sheet.answers[asked.slug] for sheet in sheets if asked.slug in sheet.answers]
    counts = Counter(values)
    words = tuple(str(n) for n in range(HIGHEST + 1)) if asked.kind == NUMBER else asked.options
    return QuestionResult(
        asked=asked,
        n=len(values),
        options=tuple(OptionCount(text, counts[index]) for index, text in enumerate(words)),
        median=float(statistics.median(values)) if values and asked.kind != CHOICE else None,
    )


def _several(asked: Asked, ticked: Sequence[frozenset[int]]) -> QuestionResult:
    """How many people ticked each; the counts add up to more than the people."""
    counts = Counter(index for one in ticked for index in one)
    options = tuple(OptionCount(text, counts[index]) for index, text in enumerate(asked.options))
    return QuestionResult(asked=asked, n=len(ticked), options=options)
