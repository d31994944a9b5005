"""What the evaluation says in numbers. Pure: rows in, one `Figures` out, which feeds page, PDF and export alike.

Nothing is held back here; `evaluation.disclosure` does that before anybody sees it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from evaluation.figures.attendance import dose
from evaluation.figures.attendance import sessions as by_session
from evaluation.figures.change import domain
from evaluation.figures.delivery import delivery
from evaluation.figures.feedback import feedback, ways
from evaluation.figures.reach import reach
from evaluation.figures.rows import (
    DomainSpec,
    PersonRow,
    QuestionSpec,
    SessionRow,
    SheetRow,
)
from evaluation.figures.shapes import (
    Figures,
    MethodCount,
    Suggestions,
)

PERCENT_FROM = 10  # people from whom percentages are given


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
    methods: Mapping[str, int] | None = None,
    suggestions: Suggestions | None = None,
) -> Figures:
    """Everything at once, of one cohort or of several. The order of the rows makes no difference."""
    people, sheets, sessions = list(people), list(sheets), list(sessions)
    started = [person for person in people if person.started]
    answered = [scores for person in people for scores in (person.before, person.after) if scores is not None]
    return Figures(
        cohorts=cohorts,
        reach=reach(people),
        dose=dose(started),
        sessions=by_session(sessions, people),
        feedback=feedback(sheets, questions, asked),
        ways=ways(scores.way for scores in answered),
        domains=tuple(domain(spec, people, pooled=cohorts > 1, step=step) for spec in domains),
        delivery=delivery(sessions),
        methods=tuple(MethodCount(method, n) for method, n in sorted((methods or {}).items()) if n),
        suggestions=suggestions or Suggestions(),
    )


def percent(n: int, of: int) -> int | None:
    """Per cent, rounded, halves up; None where `of` is too small for a percentage to mean anything."""
    return math.floor(100 * n / of + 0.5) if of >= PERCENT_FROM else None
