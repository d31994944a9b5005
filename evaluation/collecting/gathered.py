"""The rows of one cohort or of several, on their way to the figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow, SheetRow
from evaluation.figures.shapes import Figures, Suggestions


@dataclass(frozen=True)
class Rows:
    """The rows of one cohort, or of several."""

    people: list[PersonRow]
    sessions: list[SessionRow]
    domains: list[DomainSpec]
    sheets: list[SheetRow]
    questions: list[QuestionSpec]
    asked: int
    methods: Counter[str]
    suggestions: Suggestions
    by_card: list[tuple[Scores | None, Scores | None, Scores | None]]
    cohorts: int = 1

    def __add__(self, other: Rows) -> Rows:
        """Domains and questions are the first cohort's; what another was asked beside them is not in it."""
        return replace(
            self,
            people=self.people + other.people,
            sessions=self.sessions + other.sessions,
            sheets=self.sheets + other.sheets,
            asked=self.asked + other.asked,
            methods=self.methods + other.methods,
            suggestions=self.suggestions + other.suggestions,
            cohorts=self.cohorts + other.cohorts,
        )

    def figures(self) -> Figures:
        return figures(
            people=self.people,
            sessions=self.sessions,
            domains=self.domains,
            sheets=self.sheets,
            questions=self.questions,
            asked=self.asked,
            methods=self.methods,
            suggestions=self.suggestions,
            cohorts=self.cohorts,
        )
