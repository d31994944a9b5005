"""What was said about times and written to somebody stands on their record, at the same cost however much it is."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import timezone

from caregivers.models import Message, MessageCopy, Slot, SlotAnswer
from tests.factories import CaregiverFactory, CohortFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cohort):
    return CaregiverFactory(cohort=cohort, name="Rosa Marsh")


def says(person, cohort, weekday: int = 0, can: str = "yes") -> None:
    slot = Slot.objects.create(cohort=cohort, weekday=weekday % 7, starts=time(8 + weekday // 7))
    SlotAnswer.objects.create(slot=slot, caregiver=person, can=can, how="online", at=timezone.now())


def send_message(person, cohort, by, **copy) -> None:
    message = Message.objects.create(cohort=cohort, text="Hello", sent_at=timezone.now(), sent_by=by)
    state = {"way": "email", "state": "sent", "changed_at": timezone.now()} | copy
    MessageCopy.objects.create(message=message, caregiver=person, **state)


def events(browser, person) -> list[str]:
    return [event.text for event in browser.get(person.get_absolute_url()).context["events"]]


def test_times_and_messages_are_on_the_record(browser_of, facilitator, person, cohort, lead):
    says(person, cohort, can="maybe")
    send_message(person, cohort, lead)
    send_message(person, cohort, lead, way="", state="left out", why="not safe")
    found = events(browser_of(facilitator), person)
    assert {"Can come on Monday 8am: If need be", "A message: Sent", "A message: Left out"} <= set(found)


def test_first_talk_is_on_the_record(browser_of, facilitator, person):
    person.referrals.update(contacted_on=timezone.localdate())
    assert "First talked to" in events(browser_of(facilitator), person)


def test_those_of_another_group_are_not(browser_of, facilitator, person, lead):
    elsewhere = CohortFactory(team=[lead])
    says(person, elsewhere)
    send_message(person, elsewhere, lead)
    found = events(browser_of(facilitator), person)
    assert not [text for text in found if "Monday" in text or "message" in text]


def test_thirty_events_cost_what_one_costs(browser_of, facilitator, person, cohort, lead, same_queries):
    says(person, cohort)
    send_message(person, cohort, lead)

    def grow():
        for number in range(1, 30):
            says(person, cohort, number)
            send_message(person, cohort, lead)

    same_queries(browser_of(facilitator), person.get_absolute_url(), grow)
