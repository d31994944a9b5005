"""Each step of `STEPS` leads where it says, done the way the product does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from feedback.asking import actions as asking
from feedback.asking.jobs import close_due_forms
from feedback.models import Form
from feedback.models.answers import STEPS
from tests.factories import UserFactory
from tests.feedback.factories import answered, counted_out, opened_form

pytestmark = pytest.mark.django_db
State = Form.State
ENOUGH = 5


def close(form: Form, at: datetime) -> None:
    asking.ask_to_close(form=form, by=UserFactory())
    asking.close_early(form=form, by=UserFactory(), was_not_there=True, at=at)


def count(form: Form, at: datetime) -> None:
    counted_out(form)


def be_due(form: Form, at: datetime) -> None:
    Form.objects.filter(pk=form.pk).update(closes_at=at)


def closed_by_the_worker(form: Form, at: datetime) -> None:
    assert close_due_forms(at) == 1


def a_later_one(form: Form, at: datetime) -> None:
    later = opened_form(form.cohort)
    answered(later, ENOUGH)
    close(later, at)
    count(later, at)


DO: dict[str, Callable[[Form, datetime], object]] = {
    "two of the team close it": close,
    "two count the slips": count,
    "its time comes": be_due,
    "the worker closes it": closed_by_the_worker,
    "a later form brings enough": a_later_one,
}
# How each state is reached, with so many answers.
WAY: dict[str, tuple[list[str], int]] = {
    State.OPEN: ([], 0),
    State.DUE: (["its time comes"], 0),
    State.COUNTING: (["two of the team close it"], 1),
    State.WAITING: (["two of the team close it", "two count the slips"], 1),
    State.SHOWN: (["two of the team close it", "two count the slips"], ENOUGH),
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
    assert after(form, WAY[State.SHOWN][0], now) == State.SHOWN
    assert asking.close_form(form=form, by=None, at=now + timedelta(hours=1)).closed_at == now
