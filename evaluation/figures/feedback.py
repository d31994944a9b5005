"""What was answered on the sheets after the sessions, and how answers came."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence

from evaluation.figures.rows import QuestionSpec, SheetRow
from evaluation.figures.shapes import Feedback, QuestionFigures, WayCount


def ways(rows: Iterable[str]) -> tuple[WayCount, ...]:
    return tuple(WayCount(way, n) for way, n in sorted(Counter(rows).items()))


def feedback(sheets: Sequence[SheetRow], questions: Sequence[QuestionSpec], asked: int) -> Feedback:
    return Feedback(
        sheets=len(sheets),
        asked=asked,
        ways=ways(sheet.way for sheet in sheets),
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
