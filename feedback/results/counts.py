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

from feedback.kinds import Kind


@dataclass(frozen=True)
class Asked:
    """A question. `options` are its words; those of a scale stand lowest first."""

    slug: str
    text: str
    kind: Kind
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One answered sheet: question's slug → index of the word chosen, or the number given.

    `several`: question's slug → indexes of all that were ticked, where one could tick more than one.
    """

    answers: Mapping[str, int]
    way: str = "online"
    several: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def given(self, slug: str) -> frozenset[int]:
        """All it answers to a question, whatever its kind; empty where that was left out."""
        return frozenset({self.answers[slug]}) if slug in self.answers else self.several.get(slug, frozenset())


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
    return not result.asked.kind.is_words and result.n < least


def _held(result: QuestionResult) -> QuestionResult:
    return QuestionResult(asked=result.asked, n=0, held=True)


def _result(asked: Asked, sheets: Sequence[Sheet], comments: Sequence[Comment]) -> QuestionResult:
    """Where one may tick several, the counts add up to more than the people."""
    if asked.kind.is_words:
        written = tuple(comment.text for comment in comments if comment.slug == asked.slug)
        return QuestionResult(asked=asked, n=len(written), comments=written)
    given = [ticked for sheet in sheets if (ticked := sheet.given(asked.slug))]
    numbers = [number for ticked in given for number in ticked]
    counts = Counter(numbers)
    words = asked.kind.choices(asked.options)
    return QuestionResult(
        asked=asked,
        n=len(given),
        options=tuple(OptionCount(text, counts[number]) for number, text in enumerate(words)),
        median=float(statistics.median(numbers)) if numbers and asked.kind.is_ordered else None,
    )
