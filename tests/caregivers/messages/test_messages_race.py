"""A message on its way while the people it goes to are erased."""

from __future__ import annotations

from datetime import time
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from caregivers.messages import actions, jobs
from caregivers.messages import recipients as receiving
from caregivers.models import Caregiver, Message, MessageCopy, PersonalLink, Slot
from caregivers.rights import actions as rights
from ppg.models import User
from programmes.models import Cohort
from tests.factories import CaregiverFactory
from tests.races import LONG, THREADS, Gap, at_once, only_postgresql, without_locks

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "https://groups.example"
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(autouse=True)
def people(cohort, settings, tmp_path) -> list[Caregiver]:
    """Nineteen to whom e-mail is safe."""
    settings.LEDGER = tmp_path / "erased.txt"
    told: dict[str, Any] = {"safe_ways": ["email"], "registered_at": timezone.now(), "registered_how": "online"}
    return [
        CaregiverFactory(cohort=cohort, name=f"Person{n} Amber", email=f"{n}@families.example", **told)
        for n in range(THREADS - 1)
    ]


def erasures(people: list[Caregiver], lead: User) -> list[Any]:
    return [partial(rights.erase, caregiver=person, by=lead) for person in people]


def erased_while_sent(people: list[Caregiver], cohort: Cohort, lead: User, monkeypatch: Any) -> None:
    """Who gets it has been read when they are erased."""
    gap = Gap(monkeypatch, receiving, "recipients")
    send = partial(actions.send, cohort=cohort, about="plain", text="Bring a cup", by=lead, site=SITE)
    at_once(send, *gap.meanwhile(*erasures(people, lead)))


def test_nobody_is_left_in_a_message_that_was_sent_while_they_were_erased(people, cohort, lead, monkeypatch):
    erased_while_sent(people, cohort, lead, monkeypatch)
    assert not MessageCopy.objects.exists() and not Message.objects.exists()


@only_postgresql
def test_without_the_group_held_they_stand_in_it_afterwards(people, cohort, lead, settings, monkeypatch):
    settings.TASKS = QUEUE
    without_locks(monkeypatch, Cohort)
    erased_while_sent(people, cohort, lead, monkeypatch)
    assert MessageCopy.objects.filter(caregiver__erased_at__isnull=False).count() == THREADS - 1


@pytest.fixture
def asked_for_times(people, cohort, lead, settings) -> list[MessageCopy]:
    """Copies that wait for a worker, who makes the link that stands in each."""
    settings.TASKS = QUEUE
    Slot.objects.create(cohort=cohort, weekday=2, starts=time(18))
    return list(actions.send(cohort=cohort, about="times", by=lead, site=SITE).copies.order_by("caregiver"))


def test_who_is_erased_after_their_copy_was_claimed_gets_no_link_nor_mail(people, asked_for_times, lead, monkeypatch):
    gap = Gap(monkeypatch, jobs, "claim", LONG)
    at_once(partial(jobs.send_copy.func, asked_for_times[0].code, SITE), *gap.meanwhile(*erasures(people[:1], lead)))
    assert not PersonalLink.objects.exists() and not mail.outbox


def test_ten_are_erased_while_ten_workers_send(people, asked_for_times, lead):
    """Whoever is erased first gets nothing, and no link is left of anybody who was."""
    send = [partial(jobs.send_copy.func, copy.code, SITE) for copy in asked_for_times[:10]]
    at_once(*send, *erasures(people[:10], lead))
    assert not PersonalLink.objects.exists()
    assert MessageCopy.objects.count() == THREADS - 1 - 10 and len(mail.outbox) <= 10
