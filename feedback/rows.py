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
    """Every answered sheet of these forms, those with nothing but words included. One query, however many forms."""
    ways: dict[object, str] = {}
    answers: dict[object, dict[str, int]] = {}
    rows = Submission.objects.filter(form__in=[form.pk for form in forms])
    for key, way, slug, number in rows.values_list("id", "way", "answers__question__slug", "answers__number"):
        ways[key] = way
        given = answers.setdefault(key, {})
        if number is not None:  # a sheet with words alone has no answers of its own
            given[slug] = number
    return [Sheet(answers=answers[key], way=way) for key, way in ways.items()]


def comments_of(forms: Iterable[Form]) -> list[Comment]:
    """Everything people wrote in these forms, each by itself."""
    rows = Answer.objects.filter(form__in=[form.pk for form in forms], submission=None).select_related("question")
    return [Comment(key=str(row.pk), slug=row.question.slug, text=str(row)) for row in rows]
