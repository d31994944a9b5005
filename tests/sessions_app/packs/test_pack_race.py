"""Two people close at once, two workers reach for the same e-mail: on whichever database the tests run."""

from __future__ import annotations

from threading import Barrier
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from caregivers.models import FollowUp
from ppg.access.refusals import Refused
from sessions_app.closing import actions as closing
from sessions_app.models import Delivery, DeliveryQuerySet, Pack
from sessions_app.packs import jobs
from tests.races import at_once, numbered
from tests.sessions_app.evening import evening, person, tick

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 10


@pytest.fixture
def session(cohort, facilitator):
    session = evening(cohort)
    tick(session, person(cohort, "Aisha Amber"), "present", facilitator)
    tick(session, person(cohort, "Carol Cyan"), "not_here", facilitator)
    return session


def test_ten_who_close_at_once_close_once(session, facilitator, lead):
    def press(index):
        by = (facilitator, lead)[index % 2]
        return closing.close(session=session, by=by, recap_points=[str(index)], effect_key=str(uuid4()))

    results = at_once(*numbered(THREADS, press))
    assert sum(isinstance(one, Refused) for one in results) == THREADS - 1
    assert Pack.objects.count() == 1 and len(mail.outbox) == 2 and FollowUp.objects.count() == 1


def test_the_same_press_ten_times_closes_once_and_nobody_is_refused(session, facilitator):
    key = str(uuid4())
    results = at_once(*numbered(THREADS, lambda index: closing.close(session=session, by=facilitator, effect_key=key)))
    assert {one.pk for one in results} == {session.pk}
    assert Pack.objects.count() == 1 and len(mail.outbox) == 2


@pytest.fixture
def waiting(session, facilitator, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    closing.close(session=session, by=facilitator)
    return Delivery.objects.filter(way="email").first()


def test_ten_workers_reach_for_one_e_mail_and_one_sends_it(waiting):
    at_once(*numbered(THREADS, lambda index: jobs.send_delivery.func(waiting.code)))
    waiting.refresh_from_db()
    assert len(mail.outbox) == 1 and (waiting.state, waiting.tries) == ("sent", 1)


def test_without_the_condition_on_its_state_they_all_send_it(waiting, monkeypatch):
    """What the one statement is for. SQLite lets one writer at a time and hides it."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the whole database: this race needs PostgreSQL (DATABASE_URL)")
    read = Barrier(5)

    def careless(code, now):
        found = Delivery.objects.select_related("place__caregiver", "pack__session__cohort").get(code=code)
        read.wait(timeout=30)
        DeliveryQuerySet.update(Delivery.objects.filter(pk=found.pk), state="sending", state_at=timezone.now())
        return found

    monkeypatch.setattr(jobs, "claim", careless)
    at_once(*numbered(5, lambda index: jobs.send_delivery.func(waiting.code)))
    assert len(mail.outbox) == 5
