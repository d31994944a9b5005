"""What is due by the sessions of a group, and that it goes when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from caregivers.models import PoliceCheck
from programmes.models import Resource
from sessions_app.closing import actions as closing
from sessions_app.models import RegisterMark, SessionHandout, SessionItemResource, Speaker
from sessions_app.register import actions as register
from tests.due import kinds
from tests.factories import (
    CaregiverFactory,
    PlaceFactory,
    ResourceFactory,
    SessionFactory,
    SessionItemFactory,
    SpeakerFactory,
)

pytestmark = pytest.mark.django_db
CHECK, WEEK = "checks", timedelta(days=7)


@pytest.fixture
def slugs(now, cohort):
    """Of the kinds that sessions say; what others say of the same evening is told in their tests."""
    ours = {CHECK, "files", "speakers", "registers", "closing", "starting-small", "falling"}
    return lambda user: [slug for slug in kinds(user, now, cohort) if slug in ours]


def test_a_police_check_is_due_by_the_first_session_until_it_is_recorded(slugs, lead, facilitator, cohort, now):
    person = CaregiverFactory(cohort=cohort)
    PoliceCheck.objects.all().delete()
    assert slugs(lead) == [], "first somebody talks to them"
    person.referrals.update(contacted_on=now.date())
    SessionFactory(cohort=cohort, number=1, starts_at=now + WEEK)
    assert slugs(lead) == [CHECK] and slugs(facilitator) == []
    PoliceCheck.objects.create(caregiver=person, outcome="asked", on=now.date())
    assert slugs(lead) == [CHECK]
    PoliceCheck.objects.create(caregiver=person, outcome="clear", on=now.date())
    assert slugs(lead) == []


@pytest.mark.parametrize("kind", ["handout", "film"])
def test_what_nobody_can_open_is_missing_a_week_before_the_session(slugs, lead, facilitator, cohort, now, kind):
    session = SessionFactory(cohort=cohort, number=2, starts_at=now + WEEK - timedelta(hours=1))
    resource = ResourceFactory(kind=kind)
    SessionHandout.objects.create(session=session, resource=resource, position=1)
    item = SessionItemFactory(session=session)
    SessionItemResource.objects.create(item=item, resource=resource, position=1)
    assert slugs(lead) == ["files"] and slugs(facilitator) == [], "files are the lead's to add"
    Resource.objects.update(url="https://example.org/film")
    assert slugs(lead) == []


def test_nothing_is_missing_of_a_thing_to_give_nor_of_a_session_that_is_weeks_away(slugs, lead, cohort, now):
    far = SessionFactory(cohort=cohort, number=3, starts_at=now + 2 * WEEK)
    near = SessionFactory(cohort=cohort, number=2, starts_at=now + timedelta(days=1))
    SessionHandout.objects.create(session=far, resource=ResourceFactory(), position=1)
    SessionHandout.objects.create(session=near, resource=ResourceFactory(kind="item"), position=1)
    left_out = SessionItemFactory(session=near, left_out=True)
    SessionItemResource.objects.create(item=left_out, resource=ResourceFactory(kind="film"), position=1)
    assert slugs(lead) == []


def test_a_speaker_is_to_be_confirmed_within_two_weeks(slugs, facilitator, parent, cohort, now):
    session = SessionFactory(cohort=cohort, number=2, starts_at=now + 2 * WEEK - timedelta(hours=1))
    SpeakerFactory(item__session=session)
    assert slugs(facilitator) == ["speakers"] and slugs(parent) == []
    session.starts_at = now + 2 * WEEK + timedelta(hours=1)
    session.save()
    assert slugs(facilitator) == []
    session.starts_at = now + WEEK
    session.save()
    Speaker.objects.update(asked_on=now.date(), confirmed_on=now.date())
    assert slugs(facilitator) == []


def test_a_session_that_has_ended_is_ticked_and_closed(slugs, facilitator, parent, cohort, now):
    session = SessionFactory(cohort=cohort, number=1, minutes=90, starts_at=now - timedelta(minutes=89))
    place = PlaceFactory(cohort=cohort, taken_on=timezone.localdate(now) - WEEK)
    assert slugs(facilitator) == []
    session.starts_at = now - timedelta(minutes=90)
    session.save()
    assert sorted(slugs(facilitator)) == ["closing", "registers"] and slugs(parent) == []
    register.mark(session=session, place=place, state="present", key="k", by=facilitator)
    assert slugs(facilitator) == ["closing"]
    closing.close(session=session, by=facilitator, handouts=[])
    assert slugs(facilitator) == []


def test_a_session_that_was_closed_without_a_register_asks_for_none(slugs, facilitator, cohort, now):
    SessionFactory(cohort=cohort, number=1, starts_at=now - timedelta(days=1), closed_at=now)
    PlaceFactory(cohort=cohort)
    assert slugs(facilitator) == []


def test_a_group_that_ended_long_ago_asks_for_no_register(slugs, facilitator, cohort, now):
    PlaceFactory(cohort=cohort)
    session = SessionFactory(cohort=cohort, number=6, starts_at=now - 3 * WEEK)
    assert "closing" in slugs(facilitator)
    session.starts_at = now - 5 * WEEK
    session.save()
    assert slugs(facilitator) == []


# --- For who sees all groups ----------------------------------------------------------------------------------


def test_a_group_that_starts_soon_with_few_is_shown_to_the_manager_alone(slugs, lead, manager, cohort, now):
    SessionFactory(cohort=cohort, number=1, starts_at=now + 2 * WEEK - timedelta(hours=1))
    assert slugs(manager) == ["starting-small"] and slugs(lead) == []
    for _n in range(4):
        person = PlaceFactory(cohort=cohort).caregiver
        person.registered_at, person.registered_how = now, "online"
        person.save()
    assert slugs(manager) == []


def test_a_group_that_starts_later_or_began_long_ago_is_not_starting(slugs, manager, cohort, now):
    SessionFactory(cohort=cohort, number=1, starts_at=now - 2 * WEEK)
    SessionFactory(cohort=cohort, number=2, starts_at=now + WEEK)
    assert slugs(manager) == []


def came(session, places, by):
    for place in places:
        RegisterMark.objects.create(
            session=session,
            place=place,
            state="present",
            key=f"{session.pk}-{place.pk}",
            made_at=session.starts_at,
            recorded_by=by,
        )


@pytest.mark.parametrize(("before", "there", "falling"), [(6, 5, False), (6, 4, True), (3, 3, True), (8, 7, False)])
def test_falling_attendance_is_two_fewer_or_less_than_half_of_the_group(
    slugs, lead, manager, cohort, now, before, there, falling
):
    places = [PlaceFactory(cohort=cohort) for _n in range(8)]
    first = SessionFactory(cohort=cohort, number=1, starts_at=now - 2 * WEEK + timedelta(days=1))
    second = SessionFactory(cohort=cohort, number=2, starts_at=now - WEEK + timedelta(days=1))
    came(first, places[:before], lead)
    came(second, places[:there], lead)
    assert ("falling" in slugs(manager)) == falling
    assert "falling" not in slugs(lead)
    came(SessionFactory(cohort=cohort, number=3, starts_at=now - timedelta(days=1)), places, lead)
    assert "falling" not in slugs(manager), "they are back"
