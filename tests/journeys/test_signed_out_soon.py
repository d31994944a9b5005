"""Two minutes before somebody is signed out: a dialog, one press to stay, and nothing typed is lost either way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.register import rows
from tests.factories import SessionFactory
from tests.journeys.engines import STARTED

LOOKS = "27:01"  # after a page was opened: the script asks how long is left


class Desk:
    """A page with something typed on it, and a person who has gone for a while."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.locator("dialog")

    def open(self, address: str) -> None:
        self.page.clock.install(time=timezone.now())
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector(STARTED)

    def open_and_type(self) -> None:
        self.open(reverse("account_name"))
        self.page.get_by_label("Your name").fill("Lena L. Lead")

    def session(self) -> SessionStore:
        [cookie] = [one for one in self.page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
        return SessionStore(cookie["value"])

    def goes_for(self, **time: float) -> None:
        """What the server has not seen of them, and what the page's clock says."""
        session = self.session()
        session["seen"] -= timedelta(**time).total_seconds()
        session.save()
        self.page.clock.fast_forward(LOOKS)

    def name_typed(self) -> str:
        return self.page.get_by_label("Your name").input_value()


@pytest.fixture
def desk(page, sign_in_as, lead):
    sign_in_as(page, lead)
    return Desk(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_warns_is_accessible_and_one_press_of_the_keyboard_stays(
    new_page, sign_in_as, lead, check_axe, no_sideways_scroll, width
):
    page = new_page(width=width, height=700, phone=width < 1000)
    sign_in_as(page, lead)
    desk = Desk(page)
    desk.open_and_type()
    desk.goes_for(minutes=28, seconds=30)
    dialog = page.get_by_role("dialog", name="You will soon be signed out")
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_description(
        "Nothing was pressed for a while. You will be signed out in 1 minute. What you typed is not lost."
    )
    expect(page.get_by_text("There is no connection")).to_be_hidden()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    check_axe(page)
    no_sideways_scroll(page)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_label("Your name")).to_be_focused()
    assert desk.name_typed() == "Lena L. Lead"
    assert timezone.now().timestamp() - desk.session()["seen"] < 60


def test_the_seconds_run_and_a_screen_reader_hears_some_of_them(desk):
    desk.open_and_type()
    desk.goes_for(minutes=28, seconds=50)
    expect(desk.dialog.locator("[data-soon-left]").first).to_have_text("1 minute")
    expect(desk.dialog.get_by_role("status")).to_have_text("")
    desk.page.clock.run_for(9_000)
    expect(desk.dialog.locator("[data-soon-left]").first).to_have_text("1 minute")
    expect(desk.dialog.get_by_role("status")).to_have_text("1 minute")


def test_escape_is_a_press_to_stay(desk):
    desk.open_and_type()
    desk.goes_for(minutes=29)
    expect(desk.dialog).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_be_hidden()
    assert timezone.now().timestamp() - desk.session()["seen"] < 60


def test_who_is_at_work_in_another_tab_is_not_warned(desk):
    desk.open_and_type()
    with desk.page.expect_response("**/stay/"):
        desk.goes_for(minutes=10)
    expect(desk.dialog).to_be_hidden()


def test_it_goes_away_where_another_tab_stayed(desk):
    desk.open_and_type()
    desk.goes_for(minutes=29)
    expect(desk.dialog).to_be_visible()
    session = desk.session()
    session["seen"] = timezone.now().timestamp()
    session.save()
    desk.page.clock.run_for(12_000)
    expect(desk.dialog).to_be_hidden()


def test_without_a_connection_it_says_so_and_the_next_press_stays(desk):
    desk.open_and_type()
    desk.goes_for(minutes=28, seconds=30)
    expect(desk.dialog).to_be_visible()
    desk.page.context.set_offline(True)
    desk.page.get_by_role("button", name="Stay signed in").click()
    expect(desk.page.get_by_text("There is no connection. Press again when it is back.")).to_be_visible()
    desk.page.context.set_offline(False)
    desk.page.get_by_role("button", name="Stay signed in").click()
    expect(desk.dialog).to_be_hidden()


def test_when_it_is_over_the_page_says_so_keeps_what_was_typed_and_sends_it_after_signing_in(desk, sign_in_as, lead):
    lead.set_password("a long sentence to type")
    lead.save()
    page = desk.page
    sign_in_as(page, lead)
    desk.open_and_type()
    desk.session().delete()
    page.clock.fast_forward(LOOKS)
    expect(desk.page.get_by_role("dialog", name="You were signed out")).to_be_visible()
    desk.page.get_by_role("button", name="Go back to the page").click()
    expect(desk.dialog).to_be_hidden()
    assert desk.name_typed() == "Lena L. Lead"
    page.get_by_role("button", name="Save").click()
    page.get_by_label("E-mail address").fill(lead.email)
    page.get_by_label("Password", exact=True).fill("a long sentence to type")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Your name is saved.")).to_be_visible()
    lead.refresh_from_db()
    assert lead.name == "Lena L. Lead"


@pytest.fixture
def register(cohort, monkeypatch):
    """Whose copy on the device does not end meanwhile, as at four in the morning, when the page is loaded again."""
    monkeypatch.setattr(rows, "keep_seconds", lambda now: 8 * 60 * 60)
    return reverse("sessions:register", args=[SessionFactory(cohort=cohort, starts_at=timezone.now()).code])


def test_a_page_of_the_evening_warns_nobody_while_it_lasts(desk, register):
    desk.open(register)
    with desk.page.expect_response("**/stay/*/"):
        desk.goes_for(minutes=40)
    expect(desk.dialog).to_be_hidden()


def test_when_its_time_ends_it_says_so_and_goes_away(desk, register):
    desk.open(register)
    session = desk.session()
    session["evenings"] = dict.fromkeys(session["evenings"], timezone.now().timestamp() + 100)
    session.save()
    desk.goes_for(minutes=40)
    expect(desk.page.get_by_role("dialog", name="You will soon be asked to sign in again")).to_be_visible()
    desk.page.get_by_role("button", name="Go on with this page").click()
    expect(desk.dialog).to_be_hidden()
