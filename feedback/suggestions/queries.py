"""A group's box, at which recap an answer is owed, and the answers that may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedback.models import Form, Questionnaire, SuggestionBox
from feedback.models.answers import FormQuerySet
from programmes.models import Cohort
from sessions_app.models import Session


def box_of(cohort: Cohort) -> SuggestionBox | None:
    return SuggestionBox.objects.filter(cohort=cohort).first()


def forms_of_boxes() -> FormQuerySet:
    """One for each box, for as long as the box is there: where its envelopes lie."""
    return Form.objects.filter(questionnaire__kind=Questionnaire.Kind.BOX)


def next_recap(cohort: Cohort, at: datetime) -> Session | None:
    """The next session that begins after this moment; None after the last."""
    return cohort.sessions.after(at).first()


@dataclass(frozen=True)
class PublishedAnswer:
    """One line of "you said, we did", as the group and the report read it."""

    told_as: str
    became: str  # "We did it"
    why: str


def published_answers(cohort: Cohort) -> list[PublishedAnswer]:
    """Every answer that may be shown, the newest first."""
    rows = cohort.suggestions.published()
    return [PublishedAnswer(row.told_as, row.get_answer_display(), row.why) for row in rows]
