"""Forms and answers for tests, made the way the product makes them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.asking import actions as asking
from feedback.models import Form
from programmes.models import Cohort
from tests.factories import SessionFactory

GOOD, WORDS = {"q-today": "4", "q-useful": "3", "q-safe-to-speak": "4", "q-time": "1"}, "More time to talk."


def opened_form(cohort: Cohort, **session: Any) -> Form:
    return asking.open_form(session=SessionFactory(cohort=cohort, **session), by=None)


def answered(form: Form, *answers: dict[str, int | str] | int, **kwargs: Any) -> None:
    """Sends sheets straight to the box: dicts of answers, or how many that say "OK"."""
    for one in answers:
        sheets = [{"today": 2}] * one if isinstance(one, int) else [one]
        for sheet in sheets:
            assert answering.receive(form=form, answers=sheet, nonce=new_nonce(), **kwargs)


def url_of(form: Form) -> str:
    return reverse("answer_form", args=[form.code])
