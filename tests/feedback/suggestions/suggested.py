"""Suggestions for tests, made the way the product makes them."""

from __future__ import annotations

from feedback.models import Suggestion
from feedback.suggestions import actions as suggestions

TEA = {"text": "More <b>tea</b>", "way": "spoken"}


def made(cohort, lead, **other) -> Suggestion:
    return suggestions.add(cohort=cohort, by=lead, caregiver=None, **{**TEA, **other})


def answered(suggestion, by, **other) -> Suggestion:
    said = {"became": "did", "why": "There is a kettle now", "told_as": "Tea would be nice", "caregiver": None}
    return suggestions.answer(suggestion=suggestion, by=by, **{**said, **other})
