"""Before a session's day apologies come in, and nothing else: who is here or missing can only be told on the day."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from ppg.access.refusals import Refused
from sessions_app.dates import local_start
from sessions_app.models import ON_THE_DAY, RegisterMark, Session, took_place
from sessions_app.register import actions
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.sessions_app.register.asking import page_of, send, state_of, text

pytestmark = pytest.mark.django_db
UNTIL_THEN = "Until that day only apologies can be ticked"


@pytest.fixture
def to_come(cohort):
    return SessionFactory(cohort=cohort, number=4, starts_at=timezone.now() + timedelta(days=3))


def test_the_page_offers_apologies_alone_and_counts_them(browser_of, facilitator, to_come, aisha, ben):
    browser = browser_of(facilitator)
    send(browser, to_come, aisha, "apologies")
    page = text(browser.get(page_of(to_come)))
    assert "you can only tick who has sent apologies" in page and "1 of 2 sent apologies" in page
    assert page.count("aria-pressed") == 2 and "Undo" in page
    assert "Everyone here" not in page and "Somebody else came" not in page


def test_on_the_day_the_page_is_as_ever(browser_of, facilitator, session, aisha):
    page = text(browser_of(facilitator).get(page_of(session)))
    assert "0 of 1 here" in page and "Everyone here" in page and "Somebody else came" in page


def test_the_script_hears_whether_it_is_before_the_day(browser_of, facilitator, session, to_come, aisha):
    def early(of):
        return browser_of(facilitator).get(page_of(of), headers={"accept": "application/json"}).json()["early"]

    assert (early(session), early(to_come)) == (False, True)


@pytest.mark.parametrize("state", ON_THE_DAY)
def test_nobody_is_marked_as_here_or_missing(browser_of, facilitator, to_come, aisha, state):
    browser = browser_of(facilitator)
    answer = send(browser, to_come, aisha, state)
    assert answer.status_code == 409 and UNTIL_THEN in answer.json()["sentence"]
    values = {"place": aisha.code, "state": state, "page_key": str(uuid4())}
    page = browser.post(reverse("sessions:mark", args=[to_come.code]), values)
    assert page.status_code == 409 and UNTIL_THEN in text(page)
    assert not RegisterMark.objects.exists()


def test_nor_is_everyone(browser_of, facilitator, to_come, aisha):
    browser, url = browser_of(facilitator), reverse("sessions:everyone_here", args=[to_come.code])
    by_script = browser.post(url, {"key": str(uuid4())}, headers={"accept": "application/json"})
    assert by_script.status_code == 409 and UNTIL_THEN in by_script.json()["sentence"]
    assert UNTIL_THEN in text(browser.post(url, {"key": str(uuid4())}))
    assert not RegisterMark.objects.exists()


def test_nor_is_anybody_let_in(browser_of, facilitator, to_come, cohort):
    visitor = CaregiverFactory(cohort=cohort, registered_at=timezone.now(), registered_how="online")
    url = reverse("sessions:somebody_else", args=[to_come.code])
    answer = browser_of(facilitator).post(url, {"person": visitor.code, "key": str(uuid4())})
    assert answer.status_code == 422 and UNTIL_THEN in text(answer)
    assert not Place.objects.exists()


def test_apologies_come_in_and_are_undone(browser_of, facilitator, to_come, aisha):
    browser = browser_of(facilitator)
    assert state_of(send(browser, to_come, aisha, "apologies")) == "apologies"
    assert state_of(send(browser, to_come, aisha, "open")) == "open"


def test_the_day_begins_at_midnight(to_come, aisha, facilitator):
    midnight = local_start(to_come.day, time.min)
    ticked = {"session": to_come, "place": aisha, "state": "present", "by": facilitator}
    with pytest.raises(Refused, match=UNTIL_THEN):
        actions.mark(key="a" * 20, at=midnight - timedelta(seconds=1), **ticked)
    assert actions.mark(key="b" * 20, at=midnight, **ticked).state == "present"


def test_a_tick_that_was_saved_is_answered_again_whatever_the_date_is_now(browser_of, facilitator, session, aisha):
    browser, key = browser_of(facilitator), str(uuid4())
    send(browser, session, aisha, "present", key)
    Session.objects.update(starts_at=timezone.now() + timedelta(days=3))
    assert send(browser, session, aisha, "present", key).json()["key"] == key
    assert RegisterMark.objects.get().state == "present"


def test_what_counts_is_the_date_once_the_session_is_held_against_others(session, aisha, facilitator):
    """It was moved after the page had read it."""
    Session.objects.update(starts_at=timezone.now() + timedelta(days=3))
    with pytest.raises(Refused, match=UNTIL_THEN):
        actions.mark(session=session, place=aisha, state="present", key="k" * 20, by=facilitator)


# --- What took place -------------------------------------------------------------------------------------

DAY = date(2027, 1, 12)


@pytest.mark.parametrize(
    ("states", "days_later", "expected"),
    [
        ([], 0, False),
        (["apologies", "apologies"], 0, False),
        (["present"], 0, True),
        (["late", "apologies"], 0, True),
        (["left_early"], 0, True),
        (["not_here"], 0, True),  # the team was there
        (["present", "open"], 0, False),  # undone
        ([], 1, True),
    ],
)
def test_what_took_place(cohort, facilitator, states, days_later, expected):
    session = SessionFactory(cohort=cohort, starts_at=local_start(DAY, time(18)))
    place = PlaceFactory(cohort=cohort, seat=1)
    for minute, state in enumerate(states):
        whose = place if state != "apologies" else PlaceFactory(cohort=cohort)
        at = session.starts_at + timedelta(minutes=minute)
        actions.mark(session=session, place=whose, state=state, key=str(uuid4()), by=facilitator, at=at)
    now = session.starts_at + timedelta(days=days_later)
    assert Session.objects.filter(took_place(now)).exists() is expected


def test_where_only_apologies_came_in_nobody_is_counted_yet(cohort, facilitator, aisha, ben, session):
    """A group's page says how many were there of each session whose register was taken."""
    actions.mark(session=session, place=aisha, state="apologies", key="a" * 20, by=facilitator)
    assert RegisterMark.objects.attendance() == {}
    actions.mark(session=session, place=ben, state="not_here", key="b" * 20, by=facilitator)
    assert RegisterMark.objects.attendance() == {session.pk: 0}


def test_what_was_cancelled_never_did(cohort):
    over = timezone.now() - timedelta(days=9)
    SessionFactory(cohort=cohort, starts_at=over, cancelled_at=over)
    assert not Session.objects.filter(took_place(timezone.now())).exists()
