"""An evening is longer than half an hour without a press: register and run go on, the rest has closed."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ppg.forms import carried
from sessions_app.running import actions as running
from tests.factories import PlaceFactory, SessionFactory, SessionItemFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db

STARTS = datetime(2027, 6, 10, 18, 0, tzinfo=timezone.get_default_timezone())  # until 19:30
JSON = {"accept": "application/json"}
PASSWORD = "a long sentence to type"
STAY_OPEN = ("register", "run", "room", "run_state")
CLOSE = ("session", "close", "register_history", "register_print", "somebody_else", "plan")


class Evening:
    """The clock of a test, by the hour of that day; and whether it is still open to the browser."""

    def __init__(self) -> None:
        self.now = STARTS

    def at(self, written: str) -> None:
        hour, minute = map(int, written.split(":"))
        self.now = STARTS.replace(hour=hour, minute=minute)

    def at_work(self, browser: Client, until: str) -> None:
        """A page every twenty minutes."""
        start = self.now
        self.at(until)
        for seconds in range(1200, int((self.now - start).total_seconds()) + 1, 1200):
            self.now = start + timedelta(seconds=seconds)
            assert browser.get(reverse("account")).status_code == 200

    def is_open(self, browser: Client, session, name: str = "register", **headers: dict[str, str]) -> bool:
        return browser.get(reverse(f"sessions:{name}", args=[session.code]), **headers).status_code == 200


@pytest.fixture
def evening(monkeypatch):
    clock = Evening()
    monkeypatch.setattr(time, "time", lambda: clock.now.timestamp())
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=STARTS, minutes=90)


@pytest.fixture
def person(cohort):
    return PlaceFactory(cohort=cohort, seat=1, caregiver__name="Aisha Khan")


@pytest.fixture
def browser(evening, facilitator, browser_of, session):
    """Signed in at half past five, with the register open."""
    facilitator.set_password(PASSWORD)
    facilitator.save()
    evening.at("17:30")
    browser = browser_of(facilitator)
    assert evening.is_open(browser, session)
    return browser


def tick(browser, session, person, state="present"):
    data = {"place": person.code, "state": state, "key": str(uuid4())}
    return browser.post(reverse("sessions:mark", args=[session.code]), data, headers=JSON)


@pytest.mark.parametrize("name", STAY_OPEN)
def test_register_and_run_stay_open_until_two_hours_after_it(evening, browser, session, name):
    for hour in ("18:05", "19:45", "21:29"):
        evening.at(hour)
        assert evening.is_open(browser, session, name), hour
    evening.at("21:31")
    assert not evening.is_open(browser, session, name)
    assert not browser.session.get("_auth_user_id")


@pytest.mark.parametrize("name", CLOSE)
def test_its_other_pages_ask_for_signing_in_again(evening, browser, session, name):
    assert evening.is_open(browser, session, name)
    evening.at("18:05")
    assert not evening.is_open(browser, session, name)
    assert evening.is_open(browser, session)


def test_the_account_asks_for_signing_in_again_says_why_and_comes_back(evening, browser, facilitator, session):
    evening.at("18:05")
    asked = browser.get(reverse("account"), follow=True)
    assert "The register and the run of this evening’s session stay open" in on_one_line(asked.text)
    assert facilitator.name not in asked.text
    [(address, _status)] = asked.redirect_chain
    done = browser.post(address, {"login": facilitator.email, "password": PASSWORD, "next": reverse("account")})
    assert done.url == reverse("account") and browser.get(done.url).status_code == 200
    assert evening.is_open(browser, session)
    evening.at("18:34")
    assert browser.get(reverse("account")).status_code == 200, "half an hour from now on"


def test_the_sentence_stands_where_it_is_true_only(client, browser, evening):
    assert "stay open without" not in on_one_line(client.get("/sign-in/").text)
    evening.at("21:31")
    assert "stay open without" not in on_one_line(browser.get(reverse("account"), follow=True).text)


def test_what_was_typed_on_another_page_is_sent_by_one_press_afterwards(evening, browser, facilitator):
    evening.at("18:05")
    form = {"name": "Femi F. Facilitator", carried.MARK: carried.mark(facilitator)}
    headers = {"origin": "http://testserver", "accept": "text/html"}
    asked = browser.post(reverse("account_name"), form, headers=headers)
    sealed = asked.context["carried"]
    sent = {"login": facilitator.email, "password": PASSWORD, carried.SEALED: sealed}
    again = browser.post("/sign-in/", sent, headers=headers)
    assert "What you typed is here." in again.text and "Femi F. Facilitator" in again.text


def test_ticks_and_the_details_of_a_row_belong_to_the_register(evening, browser, session, person):
    evening.at("19:00")
    assert tick(browser, session, person).status_code == 200
    assert browser.get(reverse("sessions:row_details", args=[session.code, person.code])).status_code == 200
    assert browser.get(reverse("home")).status_code == 302


def test_who_ticks_is_at_work_and_the_whole_account_stays_open(evening, browser, session, person):
    for hour in ("17:55", "18:20", "18:45"):
        evening.at(hour)
        assert tick(browser, session, person).status_code == 200
    evening.at("19:14")
    assert browser.get(reverse("account")).status_code == 200


@pytest.mark.parametrize("name", STAY_OPEN)
def test_a_screen_that_draws_itself_anew_keeps_the_account_open_for_nobody(evening, browser, session, name):
    for minutes in range(1, 31, 5):
        evening.now = STARTS - timedelta(minutes=30 - minutes)
        assert evening.is_open(browser, session, name)
    evening.at("18:01")
    assert browser.get(reverse("account")).status_code == 302


def test_the_register_of_the_morning_that_asks_by_itself_keeps_nobody_signed_in(
    evening, facilitator, browser_of, session
):
    evening.at("09:00")
    browser = browser_of(facilitator)
    assert evening.is_open(browser, session)
    for minute in (10, 20, 30):
        evening.at(f"09:{minute}")
        assert evening.is_open(browser, session, headers=JSON)
    evening.at("09:31")
    assert not evening.is_open(browser, session, headers=JSON)
    assert not browser.session.get("_auth_user_id")


@pytest.mark.parametrize(("opened", "later", "good"), [("16:59", "17:30", False), ("17:00", "17:31", True)])
def test_it_begins_an_hour_before(evening, facilitator, browser_of, session, opened, later, good):
    evening.at(opened)
    browser = browser_of(facilitator)
    assert evening.is_open(browser, session)
    evening.at(later)
    assert evening.is_open(browser, session) == good


def test_an_evening_opens_its_own_session_and_no_other(evening, browser, session, cohort):
    other = SessionFactory(cohort=cohort, number=4, starts_at=STARTS + timedelta(days=7))
    evening.at("18:05")
    assert evening.is_open(browser, session) and not evening.is_open(browser, other)


def test_a_session_that_runs_on_another_day_stays_open_too(evening, facilitator, browser_of, cohort):
    session = SessionFactory(cohort=cohort, number=4, starts_at=STARTS + timedelta(days=3), minutes=90)
    evening.at("18:00")
    browser = browser_of(facilitator)
    SessionItemFactory(session=session, minutes=90)
    running.step(session=session, kind="start", key=str(uuid4()), by=facilitator)
    assert evening.is_open(browser, session, "run")
    evening.at("19:00")
    assert evening.is_open(browser, session, "room")
    assert not evening.is_open(browser, session, "close")


def test_ten_hours_end_it_in_any_case(evening, facilitator, browser_of, session):
    evening.at("10:00")
    browser = browser_of(facilitator)
    evening.at_work(browser, "19:40")
    assert evening.is_open(browser, session)
    evening.at("20:01")
    assert not evening.is_open(browser, session)


def test_signing_out_ends_the_evening_too(evening, browser, session):
    evening.at("18:05")
    browser.post(reverse("account_logout"))
    assert not evening.is_open(browser, session)


def test_somebody_else_who_signs_in_has_no_evening_of_hers(evening, browser, session, other_facilitator):
    other_facilitator.set_password(PASSWORD)
    other_facilitator.save()
    evening.at("18:05")
    browser.post("/sign-in/", {"login": other_facilitator.email, "password": PASSWORD})
    assert browser.session["_auth_user_id"] == str(other_facilitator.pk) and "evenings" not in browser.session


def test_who_is_blocked_is_out_of_it_at_once(evening, browser, facilitator, session):
    evening.at("18:05")
    facilitator.is_active = False
    facilitator.save()
    assert not evening.is_open(browser, session)


# --- What the warning asks -----------------------------------------------------------------------------------


def asked(browser, address, press=False):
    answer = (browser.post if press else browser.get)(address, headers=JSON)
    return (answer.json()["seconds"], answer.json()["may_stay"]) if answer.status_code == 200 else answer.status_code


def address_of(browser, page):
    return browser.get(page).context["signed_in_for"]["url"]


def test_a_press_gives_another_half_hour_and_asking_gives_nothing(evening, facilitator, browser_of):
    evening.at("12:00")
    browser = browser_of(facilitator)
    address = address_of(browser, reverse("account"))
    evening.at("12:28")
    assert asked(browser, address) == (120, True)
    assert asked(browser, address) == (120, True)
    assert asked(browser, address, press=True) == (1800, True)
    evening.at("12:57")
    assert browser.get(reverse("account")).status_code == 200


def test_a_press_that_comes_too_late_signs_nobody_in(evening, facilitator, browser_of):
    evening.at("12:00")
    browser = browser_of(facilitator)
    address = address_of(browser, reverse("account"))
    evening.at("12:31")
    assert asked(browser, address, press=True) == 302
    assert not browser.session.get("_auth_user_id")


def test_a_page_of_the_evening_is_open_as_long_as_that_and_a_press_opens_nothing_that_has_closed(
    evening, browser, session
):
    address = address_of(browser, reverse("sessions:run", args=[session.code]))
    evening.at("18:30")
    assert asked(browser, address) == (3 * 60 * 60, False)
    assert asked(browser, address, press=True) == (3 * 60 * 60, False)
    assert asked(browser, reverse("stay"), press=True) == (0, False)
    assert browser.get(reverse("account")).status_code == 302
    assert address_of(browser, reverse("sessions:run", args=[session.code])) == address


def test_the_last_of_ten_hours_is_not_made_longer(evening, facilitator, browser_of):
    evening.at("08:00")
    browser = browser_of(facilitator)
    evening.at_work(browser, "17:40")
    evening.at("17:58")
    assert asked(browser, reverse("stay"), press=True) == (120, False)


def test_its_address_opened_by_hand_leads_home(browser_of, facilitator):
    assert browser_of(facilitator).get(reverse("stay")).url == reverse("home")


def test_only_pages_of_somebody_who_is_signed_in_hold_the_warning(browser_of, facilitator, session, client):
    browser = browser_of(facilitator)
    assert "signed-out-soon" in browser.get(reverse("account")).text
    assert "signed-out-soon" not in client.get("/sign-in/").text
    register = reverse("sessions:register", args=[session.code])
    assert "signed-out-soon" not in browser.get(register + "?kept").text, "the copy on the device names nobody"
