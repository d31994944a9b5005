"""Each step of `STEPS` leads where it says, done the way the product does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from feedback.asking import actions as asking
from feedback.asking.jobs import close_due_forms
from feedback.models import Form
from feedback.models.answers import STEPS
from tests.feedback.factories import answered, opened_form

pytestmark = pytest.mark.django_db
State = Form.State
ENOUGH = 5


def close(form: Form, at: datetime) -> None:
    asking.close_form(form=form, by=None, at=at)


def be_due(form: Form, at: datetime) -> None:
    Form.objects.filter(pk=form.pk).update(closes_at=at)


def closed_by_the_worker(form: Form, at: datetime) -> None:
    assert close_due_forms(at) == 1


def a_later_one(form: Form, at: datetime) -> None:
    later = opened_form(form.cohort)
    answered(later, ENOUGH)
    close(later, at)


DO: dict[str, Callable[[Form, datetime], object]] = {
    "close": close,
    "its time comes": be_due,
    "the worker closes it": closed_by_the_worker,
    "a later form brings enough": a_later_one,
}
# How each state is reached, with so many answers.
WAY: dict[str, tuple[list[str], int]] = {
    State.OPEN: ([], 0),
    State.DUE: (["its time comes"], 0),
    State.WAITING: (["close"], 1),
    State.SHOWN: (["close"], ENOUGH),
}


def after(form: Form, steps: list[str], at: datetime) -> str:
    for step in steps:
        DO[step](Form.objects.get(pk=form.pk), at)
    return Form.objects.get(pk=form.pk).state(at)


def test_each_state_is_in_the_table_and_reached():
    assert set(STEPS) == set(WAY) == set(State)


@pytest.mark.parametrize(
    ("start", "step", "end"),
    [(start, step, end) for start in STEPS for step in STEPS[start] for end in sorted(STEPS[start][step])],
)
def test_each_step_leads_where_the_table_says(cohort, now, start, step, end):
    form = opened_form(cohort)
    steps, few = WAY[start]
    answered(form, ENOUGH if end == State.SHOWN and start != State.WAITING else few)
    assert after(form, steps, now) == start
    assert after(form, [step], now) == end


def test_a_form_that_is_closed_stays_so(cohort, now):
    form = opened_form(cohort)
    answered(form, ENOUGH)
    assert after(form, ["close", "close"], now + timedelta(hours=1)) == State.SHOWN
