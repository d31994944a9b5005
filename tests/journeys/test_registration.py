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
    page.get_by_label("Your name").fill("Rosa Marsh")
    page.get_by_label("Do you need help to get there?").fill("A lift would help")
    page.get_by_label("Phone call").check()
    page.get_by_label("Phone number").first.fill("07700 900 982")
    page.get_by_label("You may use my answers").check()


def test_what_was_typed_survives_a_lost_connection_and_is_sent_once(invited, phone_page: Page):
    person, address = invited
    phone_page.goto(address)
    fill(phone_page)
    phone_page.wait_for_selector(STARTED)
    phone_page.context.set_offline(True)
    phone_page.get_by_role("button", name="Send").click()
    expect(phone_page.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
    expect(phone_page.get_by_label("Do you need help to get there?")).to_have_value("A lift would help")
    expect(phone_page.get_by_label("You may use my answers")).to_be_checked()
    phone_page.context.set_offline(False)
    phone_page.get_by_role("button", name="Send").click()
    expect(phone_page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert person.consents.count() == 4
    assert phone_page.evaluate("sessionStorage.length + localStorage.length") == 0


def test_what_was_typed_survives_a_lost_connection_without_scripts_too(invited, new_page):
    person, address = invited
    page = new_page(width=390, phone=True, javascript=False)
    page.goto(address)
    fill(page)
    page.get_by_label("Which language do you like best?").fill("Welsh")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("chrome-error://**")
    page.context.set_offline(False)
    page.go_back()
    expect(page.get_by_label("Your name")).to_have_value("Rosa Marsh")
    expect(page.get_by_label("Do you need help to get there?")).to_have_value("A lift would help")
    expect(page.get_by_label("Which language do you like best?")).to_have_value("Welsh")
    expect(page.get_by_label("You may use my answers")).to_be_checked()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert person.consents.count() == 4
    page.go_back()
    page.reload()
    assert "07700" not in page.content()


def test_what_was_sent_is_not_behind_back(invited, phone_page: Page):
    phone_page.goto(invited[1])
    before = phone_page.evaluate("history.length")
    fill(phone_page)
    assert phone_page.get_by_label("Do you need help to get there?").get_attribute("autocomplete") == "off"
    phone_page.get_by_role("button", name="Send").click()
    expect(phone_page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert phone_page.evaluate("history.length") == before


def test_what_must_be_put_right_is_shown_without_losing_anything(invited, phone_page: Page, check_axe):
    phone_page.goto(invited[1])
    fill(phone_page)
    phone_page.get_by_label("Your name").fill("")
    phone_page.get_by_role("button", name="Send").click()
    expect(phone_page.locator(".govuk-error-summary")).to_be_focused()
    expect(phone_page).to_have_title("Error: Your details – Common Ground")
    expect(phone_page.get_by_label("Do you need help to get there?")).to_have_value("A lift would help")
    check_axe(phone_page)
    phone_page.get_by_label("Your name").fill("Rosa Marsh")
    phone_page.get_by_role("button", name="Send").click()
    expect(phone_page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_it_works_without_scripts_on_a_small_phone(invited, new_page, check_axe, no_sideways_scroll):
    person, address = invited
    page = new_page(width=320, phone=True, javascript=False)
    page.goto(address)
    no_sideways_scroll(page)
    fill(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Open your own page").click()
    page.get_by_role("button", name="Take this back You may use my answers").click()
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
