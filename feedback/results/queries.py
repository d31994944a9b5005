"""Rows of the database as the pure modules take them. Only opened answers have rows at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from feedback.kinds import KINDS
from feedback.models import Answer, Form, Questionnaire, Submission
from feedback.results.counts import Asked, Comment, Sheet


def asked_in(questionnaire: Questionnaire) -> list[Asked]:
    """The questions of one version, in order."""
    return [
        Asked(slug=question.slug, text=question.text, kind=question.behaviour, options=tuple(question.labels))
        for question in questionnaire.questions.all()
    ]


def sheets_of(forms: Iterable[Form]) -> list[Sheet]:
    """Every answered sheet of these forms, those with nothing but words included. One query, however many forms."""
    return [sheet for sheets in sheets_by_form(forms).values() for sheet in sheets]


def sheets_by_form(forms: Iterable[Form]) -> dict[int, list[Sheet]]:
    """The same by the form they answer, by its key."""
    ways: dict[object, tuple[int, str]] = {}
    answers: dict[object, dict[str, int]] = defaultdict(dict)
    several: dict[object, dict[str, frozenset[int]]] = defaultdict(dict)
    rows = Submission.objects.filter(form__in=[form.pk for form in forms])
    columns = ("id", "form", "way", "answers__question__slug", "answers__question__kind", "answers__number")
    for key, form, way, slug, kind, number in rows.values_list(*columns):
        ways[key] = form, way
        if number is None:  # a sheet with words alone has no answers of its own
            continue
        if KINDS[kind].takes_several:
            several[key][slug] = several[key].get(slug, frozenset()) | {number}
        else:
            answers[key][slug] = number
    found: dict[int, list[Sheet]] = defaultdict(list)
    for key, (form, way) in ways.items():
        found[form].append(Sheet(answers=answers[key], way=way, several=several[key]))
    return found


def comments_of(forms: Iterable[Form]) -> list[Comment]:
    """Everything people wrote in these forms, each by itself."""
    rows = Answer.objects.filter(form__in=[form.pk for form in forms], submission=None).select_related("question")
    return [Comment(key=str(row.pk), slug=row.question.slug, text=str(row)) for row in rows]
