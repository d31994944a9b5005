"""Rows of the database as the pure modules take them. Only opened answers have rows at all."""

from __future__ import annotations

from collections.abc import Iterable

from feedback.models import Answer, Form, Questionnaire, Submission
from feedback.results import Asked, Comment, Sheet


def asked_in(questionnaire: Questionnaire) -> list[Asked]:
    """The questions of one version, in order."""
    return [
        Asked(slug=question.slug, text=question.text, kind=question.kind, options=tuple(question.options))
        for question in questionnaire.questions.all()
    ]


def sheets_of(forms: Iterable[Form]) -> list[Sheet]:
    """Every answered sheet of these forms. Two queries, however many forms."""
    keys = [form.pk for form in forms]
    answers: dict[object, dict[str, int]] = {}
    given = Answer.objects.filter(form__in=keys, number__isnull=False)
    for submission, slug, number in given.values_list("submission", "question__slug", "number"):
        answers.setdefault(submission, {})[slug] = number or 0
    ways = Submission.objects.filter(form__in=keys).values_list("id", "way")
    return [Sheet(answers=answers.get(key, {}), way=way) for key, way in ways]


def comments_of(forms: Iterable[Form]) -> list[Comment]:
    """Everything people wrote in these forms, each by itself."""
    rows = Answer.objects.filter(form__in=[form.pk for form in forms], submission=None).select_related("question")
    return [Comment(key=str(row.pk), slug=row.question.slug, text=str(row)) for row in rows]
