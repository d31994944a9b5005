"""The questionnaire that ships, and which version a new form takes."""

from __future__ import annotations

from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from feedback.models import Question, Questionnaire

SESSION_FEEDBACK = "session-feedback"


def session_feedback() -> Questionnaire:
    """The newest version of the questions after a session; the first one is read from fixtures/."""
    newest = Questionnaire.objects.filter(slug=SESSION_FEEDBACK).order_by("-version").first()
    return newest or load(SESSION_FEEDBACK)


@transaction.atomic
def load(slug: str) -> Questionnaire:
    """The first version of a questionnaire, from fixtures/<slug>.yaml. Nothing changes where it is there already."""
    data: dict[str, Any] = yaml.safe_load((settings.BASE_DIR / "fixtures" / f"{slug}.yaml").read_text())
    questions = data.pop("questions")
    questionnaire, made = Questionnaire.objects.get_or_create(slug=slug, version=1, defaults=data)
    if made:
        Question.objects.bulk_create(
            Question(questionnaire=questionnaire, position=position, **question)
            for position, question in enumerate(questions, start=1)
        )
    return questionnaire
