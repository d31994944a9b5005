"""Two absences in a row raise a call by themselves."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp
from ppg.models import AuditEntry
from sessions_app.planning import actions as planning
from sessions_app.register.absences import call_for
from sessions_app.register.actions import everyone_here, mark
from sessions_app.register.jobs import days_over
from tests.factories import PlaceFactory, SessionFactory


def history(letters: str) -> list[tuple[int, bool]]:
    return [(number, letter == "A") for number, letter in enumerate(letters, start=1)]


@pytest.mark.parametrize(
    ("came", "calls", "expected"),
    [
        ("", {}, (None, [])),
        ("A", {}, (None, [])),
        ("PA", {}, (None, [])),
        ("AA", {}, (2, [])),
        ("PAAP", {}, (None, [])),  # they have come since
        ("AAA", {2: False}, (None, [])),  # it is still to be made
        ("AAA", {2: True}, (None, [])),  # one more after the call
        ("AAAA", {2: True}, (4, [])),  # two more after the call
        ("AAAA", {2: False}, (None, [])),
        ("PA", {2: False}, (None, [2])),  # the first tick was wrong
        ("AP", {2: False}, (None, [2])),
        ("APA", {2: False}, (None, [2])),
        ("AP", {2: True}, (None, [])),  # it was made: it stays
        ("PAA", {2: False}, (None, [])),  # a row still, one shorter
        ("AAP", {2: False}, (None, [])),
    ],
)
def test_which_session_raises_a_call(came, calls, expected):
    assert call_for(history(came), calls) == expected


@pytest.fixture
def sessions(cohort):
    first = timezone.now() - timedelta(weeks=6)
    return [SessionFactory(cohort=cohort, number=n, starts_at=first + timedelta(weeks=n)) for n in range(1, 6)]


@pytest.fixture
def place(cohort):
    return PlaceFactory(cohort=cohort, seat=1, taken_on=timezone.localdate() - timedelta(weeks=9))


@pytest.fixture
def tick(facilitator, place, sessions):
    def make(number: int, state: str, whose=place) -> None:
        mark(session=sessions[number - 1], place=whose, state=state, key=str(uuid4()), by=facilitator)

    return make


def calls() -> list[tuple[int | None, str]]:
    return [(call.session_number, call.reason) for call in FollowUp.objects.all()]


pytestmark = pytest.mark.django_db


def test_the_second_absence_raises_one_call(tick, place, cohort, facilitator):
    tick(1, "apologies")
    assert calls() == []
    tick(2, "not_here")
    tick(2, "apologies")  # corrected to another absence
    call = FollowUp.objects.get()
    assert (call.caregiver, call.cohort, call.kind, call.reason) == (place.caregiver, cohort, "call", "absent")
    assert (call.session_number, call.due_on) == (2, timezone.localdate() + timedelta(days=2))
    entry = AuditEntry.objects.filter(what="followup").get()
    assert (entry.user, entry.verb, entry.person, entry.cohort) == (
        facilitator,
        "created",
        place.caregiver.code,
        cohort.code,
    )


def test_a_correction_takes_it_back_and_makes_it_again(tick, place):
    tick(1, "not_here")
    tick(2, "not_here")
    tick(1, "late")
    assert calls() == []
    assert AuditEntry.objects.filter(what="followup", fields=["taken_back"]).count() == 1
    tick(1, "not_here")
    assert calls() == [(2, "absent")]
    tick(2, "open")
    assert calls() == []


def test_a_call_that_was_made_stays(tick, facilitator):
    tick(1, "not_here")
    tick(2, "not_here")
    follow_ups.record_outcome(follow_up=FollowUp.objects.get(), outcome="not_reached", by=facilitator)
    tick(2, "present")
    assert calls() == [(2, "absent")]


def test_an_absence_typed_in_later_counts_in_its_place(tick):
    tick(1, "not_here")
    tick(3, "not_here")
    tick(2, "not_here")
    assert calls() == [(2, "absent")]


def test_who_came_since_needs_no_call(tick):
    tick(3, "present")
    tick(1, "not_here")
    tick(2, "not_here")
    assert calls() == []


def test_cancelled_sessions_and_those_added_by_hand_do_not_count(tick, sessions):
    sessions[1].cancelled_at = timezone.now()
    sessions[1].save()
    sessions[2].extra = True
    sessions[2].save()
    for number in (1, 2, 3):
        tick(number, "not_here")
    assert calls() == []
    tick(4, "not_here")
    assert calls() == [(4, "absent")]


def test_each_person_has_their_own_row(tick, cohort):
    other = PlaceFactory(cohort=cohort, seat=2, taken_on=timezone.localdate() - timedelta(weeks=9))
    tick(1, "not_here")
    tick(2, "not_here", other)
    assert calls() == []


def test_it_costs_two_queries_and_only_for_absences(tick, place, sessions, facilitator):
    def cost(number: int, state: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            tick(number, state)
        return len(asked)

    usual = cost(1, "present")
    assert cost(2, "late") == usual
    assert cost(3, "not_here") == usual + 2
    assert cost(3, "present") == usual + 2
    assert cost(3, "left_early") == usual


def test_a_session_nobody_ticked_them_in_is_not_an_absence(tick):
    tick(1, "not_here")
    tick(3, "not_here")
    assert calls() == []


# --- Apologies that came in before the day ---------------------------------------------------------------


@pytest.fixture
def to_come(sessions):
    """Sessions 4 and 5 are today and in a week."""
    for number, session in enumerate(sessions[3:]):
        session.starts_at = timezone.now() + timedelta(weeks=number)
        session.save()
    return sessions[3:]


@pytest.fixture
def other(cohort):
    return PlaceFactory(cohort=cohort, seat=2, taken_on=timezone.localdate() - timedelta(weeks=9))


def test_apologies_for_sessions_to_come_raise_no_call(tick, to_come):
    tick(3, "not_here")
    tick(4, "apologies")
    tick(5, "apologies")
    assert calls() == []


def test_they_count_once_somebody_is_ticked_on_the_day_and_no_more_when_that_is_undone(tick, to_come, other):
    tick(3, "not_here")
    tick(4, "apologies")
    tick(4, "present", other)
    assert calls() == [(4, "absent")]
    tick(4, "open", other)
    assert calls() == []


def test_they_count_once_everyone_here_is_pressed(tick, to_come, other, facilitator):
    tick(3, "not_here")
    tick(4, "apologies")
    everyone_here(session=to_come[0], key="k" * 20, by=facilitator)
    assert calls() == [(4, "absent")]


def test_where_nobody_took_the_register_they_count_from_the_next_day(tick, to_come, place, now):
    tick(3, "not_here")
    tick(4, "apologies")
    assert days_over(now) == 0 and calls() == []
    for _ in range(2):
        days_over(now + timedelta(days=1))
    call = FollowUp.objects.get()
    assert (call.session_number, call.recorded_by, call.caregiver) == (4, None, place.caregiver)


def test_a_session_that_was_cancelled_takes_its_call_with_it_and_brings_it_back(tick, to_come, lead, sessions):
    tick(2, "not_here")
    tick(3, "apologies")
    assert calls() == [(3, "absent")]
    planning.cancel(session=sessions[2], why="Snow", by=lead)
    assert calls() == []
    planning.put_back(session=sessions[2], why="They met", by=lead)
    assert calls() == [(3, "absent")]


def test_a_session_that_was_moved_ahead_takes_its_call_with_it(tick, lead, sessions):
    tick(4, "not_here")
    tick(5, "apologies")
    assert calls() == [(5, "absent")]
    ahead = timezone.localdate() + timedelta(days=9)
    planning.move(session=sessions[4], day=ahead, start=time(18), why="Snow", by=lead)
    assert calls() == [] and sessions[4].marks.get().state == "apologies"
