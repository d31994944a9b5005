"""Each step of `STEPS` leads where it says, done the way the product does it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from ppg.access.refusals import Refused
from ppg.models import User
from sessions_app.closing import actions as closing
from sessions_app.models import Session, SessionStep
from sessions_app.models.session import STEPS
from sessions_app.planning import actions as planning
from sessions_app.running import actions as running
from sessions_app.running.states import state_of
from tests.factories import SessionFactory, SessionItemFactory

pytestmark = pytest.mark.django_db
State, Kind = Session.State, SessionStep.Kind
keys = count()


def press(kind: str) -> Callable[[Session, User], object]:
    return lambda session, by: running.step(session=session, kind=kind, key=f"press {next(keys)}", by=by)


DO: dict[str, Callable[[Session, User], object]] = {
    "start": press(Kind.START),
    "end": press(Kind.END),
    "undo": press(Kind.UNDO),
    "cancel": lambda session, by: planning.cancel(session=session, why="Snow", by=by),
    "put back": lambda session, by: planning.put_back(session=session, why="It thawed", by=by),
    "close": lambda session, by: closing.close(session=session, by=by),
}
# How each state is reached.
WAY: dict[str, list[str]] = {
    State.PLANNED: [],
    State.RUNNING: ["start"],
    State.ENDED: ["start", "end"],
    State.CLOSED: ["close"],
    State.CANCELLED: ["cancel"],
}


@pytest.fixture
def session(cohort, now) -> Session:
    session = SessionFactory(cohort=cohort, starts_at=now)
    SessionItemFactory(session=session)
    return session


def after(session: Session, steps: list[str], by: User) -> str:
    for step in steps:
        DO[step](Session.objects.get(pk=session.pk), by)
    return state_of(Session.objects.get(pk=session.pk))


def test_each_state_is_in_the_table_and_reached():
    assert set(STEPS) == set(WAY) == set(State)


@pytest.mark.parametrize(("start", "step"), [(start, step) for start in STEPS for step in STEPS[start]])
def test_each_step_leads_where_the_table_says(session, facilitator, start, step):
    assert after(session, WAY[start], facilitator) == start
    assert {after(session, [step], facilitator)} == STEPS[start][step]


@pytest.mark.parametrize(
    ("start", "step"), [(start, step) for start in STEPS for step in DO if step not in STEPS[start]]
)
def test_no_other_step_leads_anywhere(session, facilitator, start, step):
    after(session, WAY[start], facilitator)
    try:
        DO[step](Session.objects.get(pk=session.pk), facilitator)
    except Refused:
        pass
    assert state_of(Session.objects.get(pk=session.pk)) == start


def test_a_break_is_a_part_of_running(session, facilitator):
    press(Kind.START)(session, facilitator)
    running.step(session=session, kind=Kind.BREAK, minutes=5, key="break", by=facilitator)
    assert state_of(session) == State.RUNNING
