"""What people wrote, as it may be read."""

from __future__ import annotations

from django.db.models import QuerySet

from feedback.models import Answer, Form
from programmes.models import Cohort


def comments(cohort: Cohort) -> list[Answer]:
    """Everything that was written after sessions and after the programme and has been opened: by random keys, without
    the sheet, the session or the scores it came with. Two queries."""
    found = _written(cohort).select_related("question", "quote")
    return list(found.prefetch_related("coded__theme").order_by("id"))


def without_theme(cohort: Cohort) -> int:
    """How many of them nobody has put under a theme yet."""
    return _written(cohort).filter(coded=None).count()


def _written(cohort: Cohort) -> QuerySet[Answer]:
    forms = Form.objects.filter(cohort=cohort).anonymous().exclude(opened_with=None)
    return Answer.objects.filter(form__in=forms, submission=None)
