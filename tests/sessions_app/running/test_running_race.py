"""Many presses at the same moment, on whichever database the tests run."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from ppg.access.refusals import Refused
from sessions_app.models import Session
from sessions_app.running import actions
from sessions_app.running.clock import state
from tests.factories import SessionFactory, SessionItemFactory
from tests.races import at_once, numbered

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 10


@pytest.fixture
def session(cohort, facilitator):
    return started(cohort, facilitator)


def started(cohort, facilitator):
    session = SessionFactory(cohort=cohort, starts_at=timezone.now())
    for position in range(1, 8):
        SessionItemFactory(session=session, position=position)
    actions.step(session=session, kind="start", key=str(uuid4()), by=facilitator)
    return session


@pytest.fixture
def press(session, facilitator, lead):
    return presser(session, facilitator, lead)


def presser(session, *people):
    first = session.items.first()

    def pressed(index, kind="finish", key=None):
        by = people[index % 2]
        return actions.step(session=session, kind=kind, item=first, key=key or str(uuid4()), by=by, seen=1)

    return pressed


def test_everybody_finishes_the_item_and_it_is_finished_once(session, press):
    answers = at_once(*numbered(PEOPLE, press))
    assert not [one for one in answers if isinstance(one, Exception)]
    assert sorted(one.said != "" for one in answers) == [False] + [True] * (PEOPLE - 1)
    assert len({one.step.pk for one in answers}) == 1
    assert session.steps.count() == 2
    now = state(session.items.all(), session.steps.all(), timezone.now())
    assert now.item.position == 2


def test_one_press_sent_many_times_is_one(session, press):
    key = str(uuid4())
    answers = at_once(*numbered(PEOPLE, lambda index: press(index, key=key)))
    assert len({one.step.pk for one in answers}) == 1 and session.steps.count() == 2


def test_everybody_undoes_and_one_step_is_taken_back(session, facilitator, lead):
    actions.step(session=session, kind="extend", minutes=5, key=str(uuid4()), by=facilitator)

    def undo(index):
        by = (facilitator, lead)[index % 2]
        return actions.step(session=session, kind="undo", key=str(uuid4()), by=by, seen=2)

    answers = at_once(*numbered(PEOPLE, undo))
    assert not [one for one in answers if isinstance(one, Exception)]
    assert [step.kind for step in session.steps.all()] == ["start", "extend", "undo"]


def test_without_the_lock_several_would_finish_it(cohort, facilitator, lead, monkeypatch):
    """What the lock is for. SQLite lets one transaction write at a time and hides it. A race is not won each time, on
    a busy machine least of all: ten evenings are tried."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the whole database: this race needs PostgreSQL (DATABASE_URL)")
    monkeypatch.setattr(Session, "lock", lambda session: None)
    for _evening in range(10):
        session = started(cohort, facilitator)
        answers = at_once(*numbered(PEOPLE, presser(session, facilitator, lead)))
        assert all(isinstance(one, Refused | actions.Pressed) for one in answers)
        if session.steps.filter(kind="finish").count() > 1:
            return
    raise AssertionError("The lock was taken away, and nobody noticed.")
