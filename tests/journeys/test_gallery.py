"""The look itself, in a browser: every component and field, the error summary, and the quick way out."""

from collections.abc import Callable

import brotli
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)

WEATHER = "https://www.bbc.co.uk/weather"
NOT_THERE = "/nothing-here/"  # a page that strangers see, with everything a public page has


@pytest.fixture
def gallery(page, sign_in_as, facilitator) -> Page:
    sign_in_as(page, facilitator)
    page.goto(reverse("gallery"))
    return page


@pytest.fixture
def no_internet() -> Callable[[Page], None]:
    """The weather page answers from here."""

    def stand_in(page: Page) -> None:
        page.route(f"{WEATHER}**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))

    return stand_in


@pytest.mark.parametrize("query", ["", "?wrong"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_component_is_accessible_at_every_width(
    new_page, sign_in_as, facilitator, check_axe, no_sideways_scroll, width, query
):
    page = new_page(width=width, phone=width < 1000)
    sign_in_as(page, facilitator)
    page.goto(reverse("gallery") + query)
    expect(page.get_by_role("heading", level=1)).to_have_text("Components")
    page.wait_for_load_state("networkidle")
    check_axe(page)
    no_sideways_scroll(page)


def test_a_refused_form_moves_to_its_summary_and_the_summary_leads_to_each_field(gallery):
    gallery.goto(reverse("gallery") + "?wrong")
    summary = gallery.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    for link in summary.get_by_role("link").all():
        link.click()
        target = link.get_attribute("href").removeprefix("#")
        expect(gallery.locator(f"[id='{target}']")).to_be_focused()


def test_an_answer_shows_what_it_asks_for_and_hides_it_again(gallery):
    mobile = gallery.get_by_label("Mobile number")
    expect(mobile).to_be_hidden()
    gallery.get_by_label("Text message").check()
    expect(mobile).to_be_visible()
    gallery.get_by_label("E-mail", exact=True).check()
    expect(mobile).to_be_hidden()
    gallery.get_by_label("Some times are not safe").check()
    expect(gallery.get_by_label("Which times are not safe?")).to_be_visible()


def test_without_javascript_everything_asked_for_is_there(new_page, sign_in_as, facilitator):
    page = new_page(javascript=False)
    sign_in_as(page, facilitator)
    page.goto(reverse("gallery"))
    expect(page.get_by_label("Mobile number")).to_be_visible()
    expect(page.get_by_text("You can enter up to 120 characters")).to_be_visible()


def test_a_double_press_sends_once(gallery):
    sent = []
    gallery.route("**/gallery/", lambda route: (sent.append(1), route.fulfill(status=204)))
    button = gallery.get_by_role("button", name="Send to see the errors")
    button.evaluate("button => { button.click(); button.click(); button.click(); }")
    gallery.wait_for_timeout(300)
    assert len(sent) == 1


def test_the_keyboard_comes_to_the_content_in_one_step(gallery):
    gallery.keyboard.press("Tab")
    expect(gallery.get_by_role("link", name="Skip to main content")).to_be_focused()
    gallery.keyboard.press("Enter")
    expect(gallery.get_by_role("main")).to_be_focused()


def test_the_menu_opens_on_a_phone(phone_page, sign_in_as, facilitator):
    sign_in_as(phone_page, facilitator)
    phone_page.goto(reverse("gallery"))
    home = phone_page.get_by_role("navigation", name="Menu").get_by_role("link", name="Home")
    expect(home).to_be_hidden()
    phone_page.get_by_role("button", name="Menu").click()
    expect(home).to_be_visible()


def test_shift_three_times_leaves_and_back_does_not_return(page, no_internet):
    no_internet(page)
    page.goto(reverse("account_login"))
    page.goto(NOT_THERE)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Shift")
    expect(page.get_by_text("Press it 2 more times to leave")).to_be_attached()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.wait_for_url(f"{WEATHER}**")
    page.go_back()
    assert NOT_THERE not in page.url


def test_typing_capitals_does_not_leave(page, no_internet):
    no_internet(page)
    page.goto(NOT_THERE)
    page.wait_for_load_state("networkidle")
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(200)
    assert NOT_THERE in page.url


@pytest.mark.parametrize("javascript", [True, False])
def test_the_red_button_leaves_with_and_without_a_script_and_stays_in_sight(
    new_page, no_internet, javascript, check_axe
):
    page = new_page(width=390, height=300, phone=True, javascript=javascript)
    no_internet(page)
    page.goto(NOT_THERE)
    page.mouse.wheel(0, 2000)
    leave = page.get_by_role("button", name="Leave this page quickly")
    expect(leave).to_be_in_viewport()
    if javascript:
        check_axe(page)
    leave.click()
    page.wait_for_url(f"{WEATHER}**")


def test_a_public_page_weighs_little_and_loads_from_nowhere_else(new_page):
    """Everything it loads, compressed as the server sends it."""
    page = new_page()
    loaded = []
    page.on("response", lambda response: loaded.append(response))
    page.goto(NOT_THERE)
    page.wait_for_load_state("networkidle")
    assert all(response.url.startswith(page.url.removesuffix(NOT_THERE)) for response in loaded)
    assert len(loaded) >= 4  # the page, styles, scripts: the measure below is of something
    assert sum(len(brotli.compress(response.body())) for response in loaded) < 30_000
