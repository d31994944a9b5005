"""A caregiver registers on a phone, loses the connection, and later takes a consent back."""

from __future__ import annotations

import gzip

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from caregivers.consents import actions as consents
from caregivers.links import actions as links
from caregivers.models import Caregiver, ConsentWording
from caregivers.wordings import shipped as wordings
from tests.factories import CaregiverFactory
from tests.journeys.engines import STARTED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def invited(cohort, lead) -> tuple[Caregiver, str]:
    wordings.load(ConsentWording.objects)
    person = CaregiverFactory(cohort=cohort, name="Rosa Marsh")
    return person, reverse("register", args=[links.invite(caregiver=person, cohort=cohort, by=lead)])


def fill(page: Page) -> None:
    """From the first step to the button that checks the answers."""
    page.get_by_label("Your name").fill("Rosa Marsh")
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number").first.fill("07700 900 982")
    page.get_by_label("You may use my answers").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Do you need help to get there?").fill("A lift would help")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Who to call")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def check_and_send(page: Page) -> None:
    press(page, "Check your answers")
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def typed(page: Page) -> str:
    """All that stands in the form, in sight or not."""
    return page.evaluate(
        "[...document.querySelectorAll('main :is([type=text], [type=tel])')].map((one) => one.value).join('')"
    )


@pytest.mark.parametrize("scripts", [True, False])
def test_each_step_takes_two_screens_and_back_finds_what_was_typed(invited, new_page, no_sideways_scroll, scripts):
    page = new_page(width=320, height=568, phone=True, javascript=scripts)
    ends = []
    for step in (1, 2, 3):
        page.goto(f"{invited[1]}#step-{step}")
        way_on = page.locator(f"#step-{step} .govuk-button")
        expect(way_on).to_be_visible()
        ends.append(way_on.evaluate("one => Math.ceil(scrollY + one.getBoundingClientRect().bottom)"))
        no_sideways_scroll(page)
    assert max(ends) <= 2 * 568, ends
    page.goto(f"{invited[1]}#step-1")
    fill(page)
    page.go_back()
    expect(page.get_by_label("Do you need help to get there?")).to_have_value("A lift would help")
    page.go_back()
    expect(page.get_by_label("Your name")).to_have_value("Rosa Marsh")
    page.go_forward()
    page.go_forward()
    check_and_send(page)
    assert invited[0].consents.count() == 4


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_that_was_changed_after_it_was_checked_is_checked_again(invited, new_page, scripts):
    person, address = invited
    page = new_page(width=390, phone=True, javascript=scripts)
    page.goto(address)
    fill(page)
    press(page, "Check your answers")
    page.get_by_role("link", name="Change Do you need help to get there?").click()
    page.get_by_label("Do you need help to get there?").fill("Bus fare")
    page.go_back()
    press(page, "Send")
    expect(page.get_by_text("Something is not as it was when you checked")).to_be_visible()
    expect(page.get_by_text("Bus fare")).to_be_visible()
    assert not person.consents.exists()
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    person.refresh_from_db()
    assert person.travel == "Bus fare" and person.consents.count() == 4


def test_enter_goes_on_to_the_next_step(invited, phone_page: Page):
    phone_page.goto(invited[1])
    phone_page.wait_for_selector(STARTED)
    phone_page.get_by_label("Your name").press("Enter")
    expect(phone_page.get_by_role("heading", name="What we should know")).to_be_visible()


def test_whoever_left_quickly_leaves_nothing_typed_behind_back(invited, phone_page: Page):
    phone_page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="Weather", content_type="text/html"))
    phone_page.goto(invited[1])
    phone_page.wait_for_selector(STARTED)
    fill(phone_page)
    press(phone_page, "Leave this page quickly")
    expect(phone_page.get_by_text("Weather")).to_be_visible()
    for step in ("#step-2", ""):
        phone_page.go_back()
        phone_page.wait_for_url(f"**{invited[1]}{step}")
        phone_page.wait_for_selector(f"{STARTED} form.steps")
        assert typed(phone_page) == ""


def test_what_was_typed_survives_a_lost_connection_and_is_sent_once(invited, phone_page: Page):
    person, address = invited
    phone_page.goto(address)
    phone_page.wait_for_selector(STARTED)
    phone_page.context.set_offline(True)
    fill(phone_page)  # from step to step nothing is sent
    press(phone_page, "Check your answers")
    expect(phone_page.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
    phone_page.context.set_offline(False)
    press(phone_page, "Check your answers")
    expect(phone_page.get_by_text("A lift would help")).to_be_visible()
    phone_page.context.set_offline(True)
    press(phone_page, "Send")
    expect(phone_page.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
    phone_page.context.set_offline(False)
    press(phone_page, "Send")
    expect(phone_page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert person.consents.count() == 4
    assert phone_page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_what_was_typed_survives_a_lost_connection_without_scripts_too(invited, new_page):
    person, address = invited
    page = new_page(width=390, phone=True, javascript=False)
    page.goto(address)
    fill(page)
    page.context.set_offline(True)
    press(page, "Check your answers")
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.go_back()
    press(page, "Check your answers")
    for said in ("Rosa Marsh", "A lift would help", "Phone call"):
        expect(page.locator("#check").get_by_text(said, exact=True)).to_be_visible()
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert person.consents.get(kind="evaluation").given and person.consents.count() == 4


def test_what_was_sent_is_not_behind_back(invited, phone_page: Page):
    phone_page.goto(invited[1])
    phone_page.wait_for_selector(STARTED)
    fill(phone_page)
    assert phone_page.locator("#id_travel").get_attribute("autocomplete") == "off"
    check_and_send(phone_page)
    phone_page.go_back()
    expect(phone_page.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert "Rosa" not in phone_page.content()


def test_what_must_be_put_right_is_shown_without_losing_anything(invited, phone_page: Page, check_axe):
    phone_page.goto(invited[1])
    phone_page.wait_for_selector(STARTED)
    fill(phone_page)
    phone_page.locator("#id_name").evaluate("one => { one.value = ''; }")
    press(phone_page, "Check your answers")
    expect(phone_page.locator(".govuk-error-summary")).to_be_focused()
    expect(phone_page).to_have_title("Error: Your details – Common Ground")
    expect(phone_page.locator("#id_travel")).to_have_value("A lift would help")
    check_axe(phone_page)
    phone_page.get_by_role("link", name="Enter your name").click()
    phone_page.get_by_label("Your name").fill("Rosa Marsh")
    press(phone_page, "Check your answers")
    expect(phone_page.get_by_role("heading", name="Check your answers")).to_be_visible()
    check_axe(phone_page)
    press(phone_page, "Send")
    expect(phone_page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_it_works_without_scripts_on_a_small_phone(invited, new_page, no_sideways_scroll):
    person, address = invited
    page = new_page(width=320, phone=True, javascript=False)
    page.goto(address)
    fill(page)
    press(page, "Check your answers")
    no_sideways_scroll(page)
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Open your own page").click()
    press(page, "Take this back You may use my answers")
    expect(page.get_by_role("heading", name="What we cannot call back")).to_be_visible()
    assert not person.consents.standing("evaluation").exists()


def test_the_form_is_light_and_loads_nothing_from_elsewhere(invited, phone_page: Page, live_server):
    loaded: dict[str, int] = {}
    phone_page.on("response", lambda answer: loaded.update({answer.url: len(gzip.compress(answer.body()))}))
    phone_page.goto(invited[1])
    phone_page.wait_for_load_state("networkidle")
    assert {url.startswith(live_server.url) for url in loaded} == {True}
    assert sum(loaded.values()) < 60_000, loaded


def test_every_page_of_a_caregiver_can_be_read_by_everybody(invited, cohort, lead, new_page, check_axe):
    person, address = invited
    token = links.make_own_page(caregiver=person, cohort=cohort, by=lead)
    page = new_page(width=320, phone=True)
    consents.agree(caregiver=person, kind="quotes")
    consents.withdraw(caregiver=person, kind="quotes")
    for url in (
        address,
        reverse("own_page", args=[token]),
        reverse("own_receipt", args=[token, "quotes"]),
        reverse("registered", args=[token]),
        reverse("declined"),
        reverse("register", args=["A" * 22]),
    ):
        page.goto(url)
        check_axe(page)
        expect(page.get_by_text("Leave this page quickly").first).to_be_visible()


def test_every_staff_page_about_people_can_be_read_by_everybody(
    invited, cohort, lead, new_page, sign_in_as, check_axe, no_sideways_scroll
):
    person, _address = invited
    page = new_page(width=320, phone=True)
    sign_in_as(page, lead)
    referral = person.referrals.get()
    for name, code in (
        ("people", cohort.code),
        ("add", cohort.code),
        ("record", person.code),
        ("details", person.code),
        ("check", person.code),
        ("register_by_staff", referral.code),
        ("leave", referral.code),
    ):
        page.goto(reverse(f"caregivers:{name}", args=[code]))
        check_axe(page)
        no_sideways_scroll(page)
