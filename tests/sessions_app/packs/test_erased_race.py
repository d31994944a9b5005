"""Handouts on their way while the people they go to are erased."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.core import mail

from caregivers.models import FollowUp, Place
from caregivers.rights import actions as rights
from ppg.models import User
from programmes.models import Cohort
from sessions_app.closing import actions as closing
from sessions_app.models import Delivery, Pack, Session
from sessions_app.packs import actions as packs
from sessions_app.packs import contents, jobs
from tests.races import THREADS, Gap, at_once, only_postgresql, without_locks
from tests.sessions_app.evening import evening, person, tick

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(cohort, settings, tmp_path) -> Session:
    """Nineteen people by e-mail."""
    settings.LEDGER = tmp_path / "erased.txt"
    for number in range(THREADS - 1):
        person(cohort, f"Person{number} Amber")
    return evening(cohort)


def erasures(lead: User) -> list[Any]:
    return [partial(rights.erase, caregiver=place.caregiver, by=lead) for place in Place.objects.order_by("pk")]


def erased_while_closed(session: Session, lead: User, monkeypatch: Any) -> None:
    """Who is in the group has been read when they are erased."""
    gap = Gap(monkeypatch, contents, "way")
    at_once(partial(closing.close, session=session, by=lead), *gap.meanwhile(*erasures(lead)))
    assert Pack.objects.exists() and not Place.objects.in_group().exists()


def test_nobody_is_left_in_a_pack_that_was_made_while_they_were_erased(session, lead, monkeypatch):
    tick(session, Place.objects.first(), "not_here", lead)
    erased_while_closed(session, lead, monkeypatch)
    assert not Delivery.objects.exists() and not FollowUp.objects.exists()


@only_postgresql
def test_without_the_group_held_they_stand_in_it_afterwards(session, lead, monkeypatch):
    without_locks(monkeypatch, Cohort)
    erased_while_closed(session, lead, monkeypatch)
    assert Delivery.objects.count() == THREADS - 1


def test_ten_are_erased_while_workers_send_and_staff_press(session, lead, settings):
    """Whoever is erased first gets nothing and stands nowhere; and nobody finds an error."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    closing.close(session=session, by=lead)
    erase, rest = erasures(lead)[:10], list(Delivery.objects.order_by("pk"))[:10]
    send = [partial(jobs.send_delivery.func, delivery.code) for delivery in rest[:5]]
    press = [partial(packs.send_again, delivery=delivery, by=lead, seen="failed") for delivery in rest[5:]]
    at_once(*erase, *send, *press)
    assert Delivery.objects.filter(place__caregiver__erased_at=None).count() == Delivery.objects.count() == 9
    assert len(mail.outbox) <= 5
