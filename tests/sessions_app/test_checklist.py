"""The checklist's lines that sessions, follow-ups and packs fill."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp
from programmes.checklist.queries import rows
from sessions_app.after import actions as after
from sessions_app.checklist import changes_asked_for, delivered, packs_sent, sessions_of, time_offered
from sessions_app.models import Adaptation, Delivery, Pack
from sessions_app.register.actions import mark
from tests.factories import PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sessions(cohort):
    """Six of the programme, one that was cancelled and one added by hand."""
    first = timezone.now() - timedelta(weeks=9)
    made = [SessionFactory(cohort=cohort, number=n, starts_at=first + timedelta(weeks=n)) for n in range(1, 9)]
    made[6].cancelled_at = timezone.now()
    made[6].save()
    made[7].extra = True
    made[7].save()
    return made


@pytest.fixture
def place(cohort):
    return PlaceFactory(cohort=cohort, seat=1, taken_on=timezone.localdate() - timedelta(weeks=9))


@pytest.fixture
def tick(facilitator, place, sessions):
    def make(number, state="present"):
        mark(session=sessions[number - 1], place=place, state=state, key=str(uuid4()), by=facilitator)

    return make


def state_of(progress):
    return (progress.sentence, progress.due, progress.complete)


def test_the_lines_of_the_programme_in_order(cohort):
    assert [str(row.line.words) for row in rows(cohort)["During"]] == [
        "Session delivered",
        "Time afterwards or a call offered",
        "Material and topics reviewed with the group",
        "Pack sent",
        "Reflective support offered to the parent with lived experience",
        "Reflective support offered to the facilitator",
    ]


def test_sessions_are_delivered_once_somebody_came_or_they_were_closed(tick, sessions, cohort, facilitator):
    assert state_of(delivered(sessions_of(cohort))) == ("0 of 6 sessions", 0, False)
    tick(1)
    tick(2, "not_here")  # nobody came
    tick(3)
    tick(3, "open")  # undone
    tick(7)  # cancelled
    tick(8)  # added by hand
    assert state_of(delivered(sessions_of(cohort))) == ("1 of 6 sessions", 1, False)
    sessions[1].closed_at, sessions[1].closed_by = timezone.now(), facilitator
    sessions[1].save()
    assert state_of(delivered(sessions_of(cohort))) == ("2 of 6 sessions", 2, False)
    for number in (3, 4, 5, 6):
        tick(number)
    assert state_of(delivered(sessions_of(cohort))) == ("6 of 6 sessions", 6, True)


def test_time_was_offered_where_somebody_stayed_or_not_or_was_called(tick, sessions, place, cohort, lead):
    for number in (1, 2, 3):
        tick(number)
    assert state_of(time_offered(sessions_of(cohort))) == ("0 of 6 sessions", 3, False)
    after.record_talk(session=sessions[0], caregiver=place.caregiver, outcome="not_wanted", by=lead)
    after.record_talk(session=sessions[6], caregiver=place.caregiver, outcome="taken", by=lead)  # cancelled
    assert state_of(time_offered(sessions_of(cohort))) == ("1 of 6 sessions", 3, False)
    call = follow_ups.offer(
        caregiver=place.caregiver, cohort=cohort, kind="call", reason="missed", session_number=2, by=lead
    )
    assert state_of(time_offered(sessions_of(cohort))) == ("1 of 6 sessions", 3, False)
    follow_ups.record_outcome(follow_up=call, outcome="not_reached", by=lead)
    assert state_of(time_offered(sessions_of(cohort))) == ("2 of 6 sessions", 3, False)


def test_another_groups_talks_tick_nothing_here(tick, sessions, cohort, other_cohort, lead):
    tick(1)
    other = PlaceFactory(cohort=other_cohort, seat=1)
    FollowUp.objects.create(
        caregiver=other.caregiver,
        cohort=other_cohort,
        session_number=1,
        kind="after",
        reason="offered",
        offered_on=timezone.localdate(),
    )
    assert state_of(time_offered(sessions_of(cohort))) == ("0 of 6 sessions", 1, False)


def test_a_pack_is_sent_when_it_has_reached_everybody(tick, sessions, place, cohort, lead):
    tick(1)
    assert state_of(packs_sent(sessions_of(cohort))) == ("0 of 6 sessions", 1, False)
    pack = Pack.objects.create(session=sessions[0], made_at=timezone.now(), made_by=lead)
    sent = {"pack": pack, "way": "email", "state_at": timezone.now()}
    Delivery.objects.create(place=place, state="sent", **sent)
    assert state_of(packs_sent(sessions_of(cohort)))[0] == "1 of 6 sessions"
    second = Delivery.objects.create(place=PlaceFactory(cohort=cohort, seat=2), **sent)
    for state in ("waiting", "sending", "failed", "unknown"):
        Delivery.objects.filter(pk=second.pk).update(state=state)
        assert state_of(packs_sent(sessions_of(cohort)))[0] == "0 of 6 sessions", state
    Delivery.objects.filter(pk=second.pk).update(state="handed", handed_by=lead)
    assert state_of(packs_sent(sessions_of(cohort)))[0] == "1 of 6 sessions"


def test_what_the_group_asked_for_is_told(sessions, cohort, lead):
    assert changes_asked_for(cohort) == ""
    for by_group in (True, False):
        Adaptation.objects.create(
            session=sessions[0], kind="agenda", why="More time", by_group=by_group, at=timezone.now(), by=lead
        )
    assert changes_asked_for(cohort) == "The group asked for 1 change so far, and got it."


def test_the_page_shows_them_all_in_at_most_fourteen_queries(
    browser_of, facilitator, cohort, tick, django_assert_max_num_queries
):
    tick(1)
    client, url = browser_of(facilitator), reverse("programmes:checklist", args=[cohort.code])
    page = " ".join(client.get(url).text.split())
    assert "1 of 6 sessions" in page and "1 to do" in page
    assert reverse("caregivers:follow_ups", args=[cohort.code]) in page
    assert len(rows(cohort)["During"]) == 6
    with django_assert_max_num_queries(14):  # one of them asks whether the trail says already who saw these names
        client.get(url)
