"""Many ticks at the same moment, on whichever database the tests run (SQLite by default, DATABASE_URL for another)."""

from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ppg.models import AuditEntry
from sessions_app.models import RegisterMark, Session
from sessions_app.register import actions
from tests.factories import PlaceFactory, SessionFactory
from tests.races import THREADS, at_once, numbered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())


@pytest.fixture
def place(cohort):
    return PlaceFactory(cohort=cohort, seat=1)


@pytest.fixture
def devices(browser_of, facilitator, lead):
    """A phone and a tablet, signed in by two people."""
    found = [browser_of(facilitator), browser_of(lead)]
    for device in found:
        device.raise_request_exception = False
    return found


def send(device: Client, session, place, state, key):
    copy = Client(raise_request_exception=False)  # the cookies of the device, a connection of its own
    copy.cookies = device.cookies
    values = {"place": place.code, "state": state, "key": key}
    return copy.post(reverse("sessions:mark", args=[session.code]), values, headers={"accept": "application/json"})


def test_the_same_tick_sent_five_times_by_each_of_two_devices_adds_one_mark(devices, session, place):
    key = str(uuid4())
    answers = at_once(*numbered(10, lambda index: send(devices[index % 2], session, place, "present", key)))
    assert [answer.status_code for answer in answers] == [200] * 10
    rows = [answer.json()["rows"][place.code] for answer in answers]
    assert {row["state"] for row in rows} == {"present"}
    assert len({row["told"] for row in rows}) == 1
    assert RegisterMark.objects.count() == AuditEntry.objects.count() == 1


def test_twenty_ticks_that_say_the_same_add_one_mark(devices, session, place):
    answers = at_once(*numbered(THREADS, lambda index: send(devices[index % 2], session, place, "late", str(uuid4()))))
    assert [answer.status_code for answer in answers] == [200] * THREADS
    assert RegisterMark.objects.count() == AuditEntry.objects.count() == 1


def test_twenty_ticks_for_twenty_people_are_all_kept(devices, session, cohort):
    places = [PlaceFactory(cohort=cohort, seat=seat) for seat in range(1, THREADS + 1)]
    answers = at_once(
        *numbered(THREADS, lambda index: send(devices[index % 2], session, places[index], "present", str(uuid4())))
    )
    assert [answer.status_code for answer in answers] == [200] * THREADS
    assert RegisterMark.objects.count() == AuditEntry.objects.count() == THREADS


def test_everyone_here_pressed_on_two_devices_ticks_each_person_once(facilitator, lead, session, cohort):
    for seat in range(1, 9):
        PlaceFactory(cohort=cohort, seat=seat)

    def press(index):
        return len(actions.everyone_here(session=session, key=str(uuid4()), by=(facilitator, lead)[index % 2]))

    assert sorted(at_once(*numbered(THREADS, press))) == [0] * (THREADS - 1) + [8]
    assert RegisterMark.objects.count() == 8


# --- What the lock is for ----------------------------------------------------------------------------
# SQLite lets one transaction write at a time and hides what these two show.


@pytest.fixture
def without_the_lock(monkeypatch):
    """The session's row is not locked, and everybody has read the register before anybody writes."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite locks the whole database: this race needs PostgreSQL (DATABASE_URL)")
    read, add = Barrier(5), actions.add
    monkeypatch.setattr(Session, "lock", lambda session: None)

    def add_when_all_have_read(*args):
        read.wait(timeout=30)
        return add(*args)

    monkeypatch.setattr(actions, "add", add_when_all_have_read)


def test_without_the_lock_ticks_that_say_the_same_are_doubled(without_the_lock, facilitator, session, place):
    def press(index):
        return actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)

    at_once(*numbered(5, press))
    assert RegisterMark.objects.count() == 5


def test_without_the_lock_the_same_tick_ends_in_errors(without_the_lock, devices, session, place):
    key = str(uuid4())
    answers = at_once(*numbered(5, lambda index: send(devices[index % 2], session, place, "present", key)))
    # Two people, each with a key of their own: of three and of two, one gets through.
    assert sorted(answer.status_code for answer in answers) == [200, 200, 500, 500, 500]
