"""Plans changed at the same moment, on whichever database the tests run."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from sessions_app.calendar import actions as calendar
from sessions_app.models import Adaptation, CalendarFeed, RegisterMark
from sessions_app.planning import actions as planning
from sessions_app.register import actions as register
from tests.factories import PlaceFactory, SessionFactory
from tests.races import at_once, numbered, refusals

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2027, 6, 1)


def test_ten_sessions_added_at_once_have_ten_numbers_and_none_overlap(cohort, facilitator):
    def add(index: int) -> Any:  # two for each day
        day = DAY + timedelta(days=index // 2)
        return planning.add(cohort=cohort, title="x", day=day, start=time(9), minutes=30, why="x", by=facilitator)

    results = at_once(*numbered(10, add))
    assert len(refusals(results)) == 5
    assert sorted(cohort.sessions.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert cohort.sessions.aggregate(days=models.Count("starts_at", distinct=True))["days"] == 5


def test_one_press_sent_ten_times_at_once_moves_once(cohort, facilitator):
    first, second = (
        SessionFactory(cohort=cohort, number=n, starts_at=planning.local_start(DAY + timedelta(weeks=n), time(18)))
        for n in (1, 2)
    )
    moved = {"day": first.day + timedelta(days=1), "start": time(18), "why": "x", "by": facilitator}
    results = at_once(
        *numbered(10, lambda _: planning.move(session=first, and_after=True, effect_key="one-press", **moved))
    )
    assert not refusals(results) and Adaptation.objects.count() == 2
    was = second.starts_at
    second.refresh_from_db()
    assert second.starts_at - was == timedelta(days=1)


def test_a_session_is_ticked_or_moved_first_and_never_moved_after_its_tick(cohort, facilitator):
    for turn in range(5):
        starts = timezone.now() - timedelta(weeks=turn)
        session = SessionFactory(cohort=cohort, number=turn + 1, starts_at=starts)
        place = PlaceFactory(cohort=cohort, seat=turn + 1, taken_on=DAY - timedelta(days=600))

        def press(index: int, session=session, place=place, turn=turn) -> Any:
            if index % 2:
                return planning.cancel(session=session, why="x", by=facilitator)
            return register.mark(
                session=session, place=place, state="present", key=f"{turn}-{index}" + "k" * 20, by=facilitator
            )

        results = at_once(*numbered(4, press))
        assert RegisterMark.objects.filter(session=session).count() == 1
        kept = list(session.adaptations.values_list("at", flat=True))
        if refusals(results):
            assert not kept  # the tick was first
        else:
            assert len(kept) == 1 and kept[0] <= RegisterMark.objects.get(session=session).made_at


def test_two_presses_at_once_leave_one_address(facilitator, cohort):
    at_once(*numbered(8, lambda index: calendar.make_feed(by=facilitator, effect_key=f"press-{index}")))
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 1 and CalendarFeed.objects.count() == 8
