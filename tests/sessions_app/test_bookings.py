"""Two groups at once, in one place or with one person: said with who and what, and allowed by a press."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.times import actions as times
from programmes.models import Cohort, TeamMember
from programmes.shipped.actions import load_shipped
from sessions_app.bookings import Group, clashes, is_same_place
from sessions_app.dates import local_start
from sessions_app.models import Session
from sessions_app.planning import actions as planning
from tests.factories import SessionFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db
WHY = {"why": "The hall was taken"}


@pytest.fixture
def evening() -> datetime:
    """18:00 in three weeks."""
    return local_start(timezone.localdate() + timedelta(weeks=3), time(18))


@pytest.fixture
def session(cohort, evening) -> Session:
    return SessionFactory(cohort=cohort, number=1, starts_at=evening)


@pytest.fixture
def elsewhere(other_cohort, evening) -> Session:
    """Another group's session a week later, at another place."""
    Cohort.objects.filter(pk=other_cohort.pk).update(venue="Kirkley Centre, London Road")
    other_cohort.refresh_from_db()
    return SessionFactory(cohort=other_cohort, number=1, starts_at=evening + timedelta(weeks=1))


def joins(user, cohort) -> None:
    TeamMember.objects.create(cohort=cohort, user=user, job=user.role)


def clashes_at(cohort, starts, by, minutes=90) -> list[str]:
    return clashes(Group.of(cohort), [(starts, starts + timedelta(minutes=minutes))], by=by)


@pytest.mark.parametrize(
    ("venue", "other", "same"),
    [
        ("The Hub", "the  hub, 1 High Street", True),
        ("St John’s Hall", "St Johns Hall", True),
        ("The Hub", "Hub House", False),
        ("Community centre, Ipswich", "Community centre, Lowestoft", False),
        ("", "", False),
        ("", "The Hub", False),
    ],
)
def test_a_venue_is_the_same_however_it_is_typed(venue, other, same):
    assert is_same_place(venue, other) is is_same_place(other, venue) is same


def test_the_same_person_is_named_and_a_group_the_reader_is_not_in_is_not(
    cohort, facilitator, lead, other_cohort, elsewhere
):
    joins(facilitator, other_cohort)
    assert "Femi Facilitator is with another group." in clashes_at(cohort, elsewhere.starts_at, lead)[0]
    assert "Femi Facilitator is with “Lowestoft”." in clashes_at(cohort, elsewhere.starts_at, facilitator)[0]


def test_the_same_venue_and_the_same_link(cohort, lead, other_cohort, elsewhere):
    Cohort.objects.update(venue="The Hub", online_link="https://meet.example/1")
    cohort.refresh_from_db()
    said = clashes_at(cohort, elsewhere.starts_at, lead)
    assert ["another group meets at the same venue" in said[0], "by the same link" in said[1]] == [True, True]
    assert "Lowestoft" not in " ".join(said)
    joins(lead, other_cohort)
    assert "“Lowestoft” meets at the same venue" in clashes_at(cohort, elsewhere.starts_at, lead)[0]


def test_a_thing_that_is_needed_every_week_is_said_once_with_all_its_days(cohort, lead, other_cohort):
    Cohort.objects.update(venue="The Hub")
    cohort.refresh_from_db()
    starts = [
        local_start(date(2080, month, day), time(18, 30)) for month, day in ((1, 7), (12, 17), (12, 24), (12, 31))
    ]
    for number, at in enumerate(starts, 1):
        SessionFactory(cohort=other_cohort, number=number, starts_at=at)
    times = [(at, at + timedelta(minutes=90)) for at in starts]
    assert clashes(Group.of(cohort), times, by=lead) == [
        "7 January 2080, 6:30pm; 17, 24 and 31 December 2080, 6:30pm: another group meets at the same venue."
    ]


def test_what_follows_on_is_no_clash_and_what_overlaps_by_a_minute_is(
    cohort, facilitator, lead, other_cohort, elsewhere
):
    joins(facilitator, other_cohort)
    starts = elsewhere.starts_at
    assert (
        clashes_at(cohort, starts + timedelta(minutes=90), lead)
        == clashes_at(cohort, starts - timedelta(minutes=90), lead)
        == []
    )
    assert len(clashes_at(cohort, starts + timedelta(minutes=89), lead)) == 1
    assert len(clashes_at(cohort, starts - timedelta(minutes=89), lead)) == 1


def test_who_left_what_is_cancelled_or_closed_and_what_is_over_count_for_nothing(
    cohort, facilitator, lead, other_cohort, elsewhere, now
):
    joins(facilitator, other_cohort)
    for field in ("cancelled_at", "closed_at"):
        Session.objects.filter(pk=elsewhere.pk).update(**{field: now, "closed_by": lead})
        assert clashes_at(cohort, elsewhere.starts_at, lead) == []
        Session.objects.filter(pk=elsewhere.pk).update(cancelled_at=None, closed_at=None, closed_by=None)
    assert clashes_at(cohort, elsewhere.starts_at, lead)
    other_cohort.team.filter(user=facilitator).update(left_on=timezone.localdate())
    assert clashes_at(cohort, elsewhere.starts_at, lead) == []
    Session.objects.filter(pk=elsewhere.pk).update(starts_at=now - timedelta(days=7))
    joins(facilitator, other_cohort)
    assert clashes_at(cohort, now - timedelta(days=7), lead) == []


def test_a_lead_of_many_groups_sits_in_none(cohort, lead, other_cohort, elsewhere):
    joins(lead, other_cohort)
    assert clashes_at(cohort, elsewhere.starts_at, lead) == []


# --- The pages -------------------------------------------------------------------------------------------


def test_moving_says_so_and_a_second_press_moves(browser_of, lead, facilitator, session, other_cohort, elsewhere):
    joins(facilitator, other_cohort)
    browser, url = browser_of(lead), reverse("sessions:move", args=[session.code])
    at = elsewhere.starts_at
    typed = {"day": f"{timezone.localdate(at):%Y-%m-%d}", "start": "18:30", "effect_key": str(uuid4()), **WHY}
    answer = browser.post(url, typed)
    page = on_one_line(answer.text)
    assert answer.status_code == 422 and "Femi Facilitator is with another group." in page
    assert "Move all the same" in page and WHY["why"] in page
    assert Session.objects.get(pk=session.pk).starts_at == session.starts_at
    typed["despite"] = answer.context["form"]["despite"].value()
    assert browser.post(url, typed | {"start": "18:45", "despite": "x"}).status_code == 422
    assert browser.post(url, typed).status_code == 302
    assert Session.objects.get(pk=session.pk).starts_at == at + timedelta(minutes=30)


def test_adding_and_putting_back_say_so_too(browser_of, lead, facilitator, session, other_cohort, elsewhere):
    joins(facilitator, other_cohort)
    browser, at = browser_of(lead), timezone.localtime(elsewhere.starts_at)
    typed = {"title": "Visit", "day": f"{at:%Y-%m-%d}", "start": f"{at:%H:%M}", "minutes": "60", **WHY}
    url = reverse("sessions:add", args=[session.code])
    answer = browser.post(url, typed | {"effect_key": str(uuid4())})
    assert answer.status_code == 422 and "Add the session all the same" in answer.text
    despite = answer.context["form"]["despite"].value()
    assert browser.post(url, typed | {"effect_key": str(uuid4()), "despite": despite}).status_code == 302
    added = Session.objects.get(title="Visit")
    planning.cancel(session=added, why="Ill", by=lead)
    url = reverse("sessions:put_back", args=[added.code])
    answer = browser.post(url, WHY | {"effect_key": str(uuid4())})
    assert answer.status_code == 422 and "Put it back all the same" in answer.text
    despite = answer.context["form"]["despite"].value()
    browser.post(url, WHY | {"effect_key": str(uuid4()), "despite": despite})
    assert Session.objects.get(pk=added.pk).cancelled_at is None


def test_setting_the_time_shows_it_before_the_press(browser_of, lead, facilitator, session, other_cohort, evening):
    joins(facilitator, other_cohort)
    weekday = (evening.weekday() + 1) % 7
    [slot] = times.propose(cohort=session.cohort, weekdays=[weekday], starts=[time(10)], by=lead)
    browser, url = browser_of(lead), reverse("sessions:set_time", args=[slot.code])
    first = browser.get(url)
    assert "all the same" not in first.text
    sent = {"effect_key": str(uuid4()), "seen": first.context["plan"].seen, "despite": first.context["despite"]}
    SessionFactory(cohort=other_cohort, number=2, starts_at=first.context["plan"].moves[0].to)  # meanwhile
    refused = browser.post(url, sent)
    page = on_one_line(refused.text)
    assert refused.status_code == 409 and "Femi Facilitator is with another group." in page
    assert "Set this time all the same" in page
    assert browser.post(url, sent | {"despite": refused.context["despite"]}).status_code == 302


def test_setting_up_shows_it_on_the_page_to_check(browser_of, lead, facilitator, other_cohort, elsewhere):
    joins(facilitator, other_cohort)
    at, browser = timezone.localtime(elsewhere.starts_at), browser_of(lead)
    typed = {
        "programme": load_shipped()[0].code,
        "area": "Ipswich",
        "where": ["venue"],
        "venue": "kirkley centre",
        "starts_on_day": at.day,
        "starts_on_month": at.month,
        "starts_on_year": at.year,
        "at": "6pm",
        "facilitators": [facilitator.code],
    }
    check = browser.post(browser.get(reverse("sessions:set_up")).url, typed).url
    page = browser.get(check)
    text = on_one_line(page.text)
    assert "another group meets at the same venue" in text and "Femi Facilitator is with another group" in text
    assert "Set up the group all the same" in text
    sent = {"press": "set up", "skip": page.context["form"]["skip"].value()}
    days = page.context["shown"].split()[:-1]
    assert browser.post(check, sent | {"shown": " ".join(days)}).url == check  # as if it had not been shown
    groups = Cohort.objects.count()
    shown = browser.get(check).context["shown"]
    browser.post(check, sent | {"shown": shown})
    assert Cohort.objects.count() == groups + 1
