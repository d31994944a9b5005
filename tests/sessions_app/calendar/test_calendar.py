"""A person's calendar feed: neutral, revocable, true to what was moved and cancelled."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from ppg.access.permissions import Role
from ppg.models import AuditEntry, Service
from ppg.service_details import service
from sessions_app.calendar import actions as calendar
from sessions_app.calendar import ical
from sessions_app.models import CalendarFeed
from sessions_app.planning import actions as planning
from tests.factories import CohortFactory, SessionFactory

pytestmark = pytest.mark.django_db

PAGE = "/sessions/calendar/"


@pytest.fixture
def session(cohort):
    return SessionFactory(
        cohort=cohort, number=1, title="County lines", starts_at=datetime(2027, 3, 30, 17, tzinfo=UTC), minutes=90
    )


def new_feed(user) -> str:
    token = calendar.make_feed(by=user, effect_key=str(uuid4()))
    return reverse("calendar_feed", args=[token])


def events(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.content).walk("vevent")}


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# --- What is in it ---------------------------------------------------------------------------------


def test_it_tells_when_and_nothing_that_tells_why(stranger, facilitator, cohort, session):
    answer = stranger.get(new_feed(facilitator))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    whole = answer.content.decode()
    for telling in [
        *("County lines", cohort.name, cohort.venue, cohort.area, session.code, "parent", "Parent", "peer group"),
        *("xploit", "child", "police", "LOCATION", "DESCRIPTION", "ATTENDEE", "ORGANIZER", facilitator.name),
    ]:
        assert telling not in whole, telling
    [event] = events(stranger, new_feed(facilitator)).values()
    assert str(event["summary"]) == "Common Ground meeting"
    assert event.decoded("dtstart") == session.starts_at and event.decoded("dtend") == session.ends_at
    assert str(event["status"]) == "CONFIRMED" and str(event["class"]) == "PRIVATE"


def test_lines_are_folded_and_end_as_the_standard_says(stranger, facilitator, session):
    Service.objects.create(name="Ångström; Grüße, “Common Ground” \\ and a very long name")
    service.forget()
    whole = stranger.get(new_feed(facilitator)).content
    lines = whole.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in whole.replace(b"\r\n", b"") and all(len(line) <= 75 for line in lines)
    assert any(line.startswith(b" ") for line in lines)
    unfolded = whole.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Ångström\\; Grüße\\, “Common Ground” \\\\ and a very long name" in unfolded
    [event] = Calendar.from_ical(whole).walk("vevent")
    assert str(event["summary"]).startswith("Ångström; Grüße, “Common Ground” \\ and")


def test_times_are_right_on_both_sides_of_summer_time(stranger, facilitator, cohort):
    for number, day in enumerate([date(2027, 3, 23), date(2027, 3, 30)], start=1):
        SessionFactory(cohort=cohort, number=number, starts_at=planning.local_start(day, time(18)))
    whole = stranger.get(new_feed(facilitator)).content.decode()
    assert "DTSTART:20270323T180000Z" in whole and "DTSTART:20270330T170000Z" in whole


def test_what_is_moved_or_cancelled_is_the_same_entry_changed(stranger, facilitator, session):
    address = new_feed(facilitator)
    [uid] = first = events(stranger, address)
    assert uid == ical.uid(session.code) and session.code not in uid
    assert uid != hashlib.sha256(session.code.encode()).hexdigest()[:32]
    assert events(stranger, address)[uid].to_ical() == first[uid].to_ical()  # nothing changed: the same to the byte
    now = timezone.now().replace(microsecond=0)
    planning.move(session=session, day=date(2027, 4, 1), start=time(19), why="x", by=facilitator, at=now)
    moved = events(stranger, address)[uid]
    assert moved.decoded("dtstart") == datetime(2027, 4, 1, 18, tzinfo=UTC)
    assert moved["sequence"] == first[uid]["sequence"] + 1 and moved.decoded("last-modified") == now
    assert moved.decoded("dtstamp") > first[uid].decoded("dtstamp")
    planning.cancel(session=session, why="x", by=facilitator)
    cancelled = events(stranger, address)[uid]
    assert str(cancelled["status"]) == "CANCELLED" and cancelled["sequence"] == moved["sequence"] + 1
    assert str(cancelled["summary"]) == "Cancelled: Common Ground meeting" and cancelled["transp"] == "TRANSPARENT"
    planning.put_back(session=session, why="x", by=facilitator)
    back = events(stranger, address)[uid]
    assert str(back["status"]) == "CONFIRMED" and back["sequence"] == cancelled["sequence"] + 1
    assert str(back["summary"]) == "Common Ground meeting" and back["transp"] == "OPAQUE"


def test_all_that_are_moved_at_once_stay_the_entries_they_were(stranger, facilitator, cohort, session):
    later = SessionFactory(cohort=cohort, number=2, starts_at=session.starts_at + timedelta(weeks=1))
    address = new_feed(facilitator)
    first = events(stranger, address)
    day = date(2027, 3, 31)
    planning.move(session=session, day=day, start=time(18), why="x", by=facilitator, and_after=True)
    moved = events(stranger, address)
    assert set(moved) == set(first) == {ical.uid(session.code), ical.uid(later.code)}
    for uid, entry in moved.items():
        assert entry.decoded("dtstart") == first[uid].decoded("dtstart") + timedelta(days=1)
        assert entry["sequence"] == first[uid]["sequence"] + 1


def test_it_says_how_often_to_look(stranger, facilitator, session):
    feed = Calendar.from_ical(stranger.get(new_feed(facilitator)).content)
    assert feed.decoded("refresh-interval") == timedelta(hours=1)
    assert str(feed["x-published-ttl"]) == "PT1H"
    assert feed["refresh-interval"].params["value"] == "DURATION"


def test_a_second_reader_reads_the_same(stranger, facilitator, cohort, session):
    """Home Assistant's reader, which shares nothing with what writes the feed and is strict about every value."""
    gone = SessionFactory(cohort=cohort, number=2, starts_at=session.starts_at + timedelta(weeks=1), minutes=60)
    planning.cancel(session=gone, why="x", by=facilitator)
    address = new_feed(facilitator)
    read = IcsCalendarStream.calendar_from_ics(stranger.get(address).content.decode())
    first = events(stranger, address)
    assert {entry.uid for entry in read.events} == set(first)
    goes_on, cancelled = sorted(read.events, key=lambda entry: entry.dtstart)
    assert (goes_on.summary, goes_on.status, goes_on.transparency) == ("Common Ground meeting", "CONFIRMED", "OPAQUE")
    assert (cancelled.summary, cancelled.status) == ("Cancelled: Common Ground meeting", "CANCELLED")
    assert cancelled.transparency == "TRANSPARENT"
    assert goes_on.sequence == 0 and cancelled.sequence == 1
    for session_, entry in ((session, goes_on), (gone, cancelled)):
        assert (entry.dtstart, entry.dtend) == (session_.starts_at, session_.ends_at)
        assert not any((entry.location, entry.description, entry.attendees, entry.organizer, entry.url))
    assert {one.name: one.value for one in read.extras}["x-published-ttl"] == "PT1H"


def test_an_extra_session_is_in_it_and_looks_like_the_others(stranger, facilitator, cohort, session):
    planning.add(cohort=cohort, title="Visit", day=date(2027, 4, 2), start=time(9), minutes=30, why="x", by=facilitator)
    rows = events(stranger, new_feed(facilitator)).values()
    assert {str(one["summary"]) for one in rows} == {"Common Ground meeting"} and len(rows) == 2


def test_with_no_sessions_it_is_an_empty_calendar(stranger, facilitator, cohort):
    assert events(stranger, new_feed(facilitator)) == {}


# --- Whose it is -----------------------------------------------------------------------------------


def test_it_holds_the_teams_of_the_person_as_they_are_at_that_moment(stranger, facilitator, parent, cohort, session):
    mine, theirs = new_feed(facilitator), new_feed(parent)
    foreign = SessionFactory(cohort=CohortFactory(), starts_at=session.starts_at)
    assert list(events(stranger, mine)) == list(events(stranger, theirs)) == [ical.uid(session.code)]
    cohort.team.filter(user=facilitator).update(left_on=timezone.localdate())
    foreign.cohort.team.create(user=facilitator, job="facilitator")
    assert list(events(stranger, mine)) == [ical.uid(foreign.code)]
    assert list(events(stranger, theirs)) == [ical.uid(session.code)]


def test_whatever_is_wrong_the_answer_is_the_same(stranger, facilitator, session):
    def answers(address):
        answer = stranger.get(address)
        return answer.status_code, answer.content, answer.headers["Content-Type"]

    unknown = answers(reverse("calendar_feed", args=["A" * 22]))
    assert unknown == (404, b"Not found\n", "text/plain; charset=utf-8")
    address = new_feed(facilitator)
    assert answers(address)[0] == 200
    facilitator.is_active = False
    facilitator.save()
    assert answers(address) == unknown
    facilitator.is_active, facilitator.role = True, Role.ADMINISTRATOR  # a role that sees no session
    facilitator.save()
    assert answers(address) == unknown
    facilitator.role = Role.FACILITATOR
    facilitator.save()
    assert answers(address)[0] == 200
    calendar.stop_feed(by=facilitator)
    assert answers(address) == unknown
    assert stranger.post(address).status_code == 405


def test_the_token_is_not_kept_and_fetching_writes_nothing(stranger, facilitator, session):
    address = new_feed(facilitator)
    token = address.split("/")[-1].removesuffix(".ics")
    assert len(token) == 22
    stored = CalendarFeed.objects.get()
    assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
    with CaptureQueriesContext(connection) as asked:
        stranger.get(address)
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


def test_a_new_address_stops_the_one_before(stranger, facilitator, lead, session):
    old, others = new_feed(facilitator), new_feed(lead)
    new = new_feed(facilitator)
    assert [stranger.get(one).status_code for one in (old, new, others)] == [404, 200, 200]


def test_sessions_and_years_cost_the_same(stranger, facilitator, cohort, same_queries, django_assert_max_num_queries):
    SessionFactory(cohort=cohort, number=100)
    address = new_feed(facilitator)

    def grow():
        for number in range(1, 31):
            one = SessionFactory(
                cohort=cohort, number=number, starts_at=timezone.now() - timedelta(weeks=number), minutes=60
            )
            planning.cancel(session=one, why="x", by=facilitator)

    same_queries(stranger, address, grow)
    with django_assert_max_num_queries(4):
        rows = events(stranger, address)
    assert len(rows) == 31
    starts = [one.decoded("dtstart") for one in rows.values()]
    assert all(earlier <= later for earlier, later in pairwise(starts))


# --- One's own page --------------------------------------------------------------------------------


def test_made_on_the_page_shown_once_and_stopped(browser_of, stranger, parent, session):
    client = browser_of(parent)
    assert "Make my address" in text(client.get(PAGE)) and "Stop the address" not in text(client.get(PAGE))
    key = str(uuid4())
    page = text(client.post(PAGE, {"effect_key": key}))
    address = page.split('id="address" readonly value="')[1].split('"')[0]
    assert address.startswith("http://testserver/c/") and address.endswith(".ics")
    assert stranger.get(address).status_code == 200
    assert address in text(client.post(PAGE, {"effect_key": key}))  # the same press again
    assert CalendarFeed.objects.count() == 1 and AuditEntry.objects.filter(what="calendarfeed").count() == 1
    page = text(client.get(PAGE))
    assert address not in page and ".ics" not in page and "Make a new address" in page and "Works" in page
    page = text(client.post(reverse("sessions:calendar_stop"), follow=True))
    assert "The address is stopped" in page and "Works" not in page
    assert stranger.get(address).status_code == 404
    assert client.post(reverse("sessions:calendar_stop")).status_code == 302  # sent twice
    assert AuditEntry.objects.filter(what="calendarfeed").count() == 2
    page = text(client.post(PAGE, {"effect_key": key}))  # reloaded after it was stopped: it stays stopped
    assert ".ics" not in page and stranger.get(address).status_code == 404


def test_nobody_stops_or_sees_another_persons(browser_of, stranger, facilitator, lead, session):
    address = new_feed(facilitator)
    assert "Works" not in text(browser_of(lead).get(PAGE))
    browser_of(lead).post(reverse("sessions:calendar_stop"))
    assert stranger.get(address).status_code == 200


def test_the_same_press_by_two_people_makes_two_addresses(facilitator, lead):
    key = str(uuid4())
    assert calendar.make_feed(by=facilitator, effect_key=key) != calendar.make_feed(by=lead, effect_key=key)


def test_who_may_have_one(browser_of, stranger, manager, evaluator):
    assert stranger.get(PAGE).headers["Location"].startswith(reverse("account_login"))
    assert stranger.post(PAGE).headers["Location"].startswith(reverse("account_login"))
    for user in (manager, evaluator):
        assert browser_of(user).get(PAGE).status_code == 403
        assert browser_of(user).post(PAGE).status_code == 403
    assert not CalendarFeed.objects.exists()
