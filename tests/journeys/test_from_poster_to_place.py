"""From the poster on a wall to a place in the group, and who comes next when somebody says no."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from caregivers.links import actions as links
from caregivers.models import Place, Referral
from caregivers.places import actions as places
from caregivers.posters import actions as posters
from tests.factories import CaregiverFactory, PlaceFactory
from tests.journeys.engines import STARTED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def old_phone(new_page):
    """Somebody's old phone: 320 px, no JavaScript."""
    return lambda: new_page(width=320, height=640, phone=True, javascript=False)


@pytest.fixture
def six_are_in_and_one_has_an_offer(cohort, lead) -> str:
    """The address of the registration link of the one who has not answered yet."""
    for seat in range(1, 7):
        PlaceFactory(cohort=cohort, seat=seat)
    dana = CaregiverFactory(cohort=cohort, name="Dana Doubtful")
    places.offer(cohort=cohort, caregiver=dana, by=lead)
    return reverse("register", args=[links.invite(caregiver=dana, cohort=cohort, by=lead)])


def registers(page: Page, address: str, name: str) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    for button in ("Continue", "Continue", "Check your answers", "Send"):
        page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def on_board(page: Page, name: str):
    return page.locator("li.board__person", has=page.get_by_role("link", name=name, exact=True))


def stage_of(page: Page, name: str) -> str:
    return on_board(page, name).evaluate("row => row.parentElement.previousElementSibling.id")


def test_what_was_typed_for_the_poster_survives_a_lost_connection(cohort, lead, new_page):
    """With scripts and without; and where they run, Back does not lead to it once it is sent."""
    poster = posters.switch_poster(cohort=cohort, on=True, by=lead, site="http://groups.example.test")
    address = reverse("interest", args=[poster.code])
    for scripts in (True, False):
        phone = new_page(width=390, phone=True, javascript=scripts)
        phone.goto(address)
        phone.get_by_label("What should we call you?").fill("Rosa")
        phone.get_by_label("Phone number").fill("07700 900 982")
        phone.get_by_label("When is it safe?").fill("mornings")
        phone.get_by_label("Text message").check()
        if scripts:
            phone.wait_for_selector(STARTED)
        phone.context.set_offline(True)
        phone.get_by_role("button", name="Send").click()
        if scripts:
            expect(phone.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
        else:
            phone.wait_for_url("chrome-error://**")
        phone.context.set_offline(False)
        if not scripts:
            phone.go_back()
        expect(phone.get_by_label("What should we call you?")).to_have_value("Rosa")
        expect(phone.get_by_label("When is it safe?")).to_have_value("mornings")
        expect(phone.get_by_label("Text message")).to_be_checked()
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_text("We have what you sent.")).to_be_visible()
        phone.go_back()
        if scripts:
            expect(phone).to_have_url("about:blank")
    assert Referral.objects.count() == 2


def test_from_the_poster_to_a_place_and_the_ninth_comes_next(
    cohort, lead, page: Page, old_phone, six_are_in_and_one_has_an_offer, sign_in_as, check_axe, no_sideways_scroll
):
    # The lead makes the poster: its page is where the code leads.
    sign_in_as(page, lead)
    people = reverse("caregivers:people", args=[cohort.code])
    page.goto(people)
    page.get_by_role("button", name="Poster").click()
    page.get_by_role("button", name="Make the poster").click()
    expect(page.get_by_text("The poster is live.")).to_be_visible()
    check_axe(page)
    printed = "http://" + page.locator(".poster__address").inner_text()

    # Rosa sees it and leaves a name and a safe way.
    rosa = old_phone()
    rosa.goto(printed)
    expect(rosa).to_have_title("Hear from us – Common Ground")
    no_sideways_scroll(rosa)
    rosa.get_by_label("What should we call you?").fill("Rosa")
    rosa.get_by_label("Text message").check()
    rosa.get_by_role("button", name="Send").click()
    expect(rosa.locator(".govuk-error-summary")).to_contain_text("Enter a phone number or an e-mail address")
    expect(rosa.get_by_label("Text message")).to_be_checked()
    rosa.get_by_label("Phone number").fill("07700 900 982")
    rosa.get_by_role("button", name="Send").click()
    expect(rosa.get_by_text("We have what you sent.")).to_be_visible()

    # The lead sees her, rings, and writes it down.
    page.goto(reverse("caregivers:board"))
    check_axe(page)
    expect(on_board(page, "Rosa")).to_contain_text("First contact needed. Assigned to Lena Lead")
    page.get_by_role("link", name="Record a call Rosa").click()
    expect(page.get_by_text("They said these are safe: Text message.")).to_be_visible()
    check_axe(page)
    page.get_by_label("We talked, and they would like to go on").check()
    page.get_by_role("button", name="Save").click()
    expect(on_board(page, "Rosa")).to_contain_text("Ask for the police check.")
    assert stage_of(page, "Rosa") == "contacted"

    # The check is clear; a place is kept; the link is made.
    page.get_by_role("link", name="Rosa", exact=True).click()
    page.get_by_role("button", name="Record the check").click()
    page.get_by_label("Clear").check()
    page.get_by_role("button", name="Save the outcome").click()
    page.get_by_role("button", name="Offer a place, held for 7 days").click()
    expect(page.get_by_text("A place is kept for them for a week.")).to_be_visible()
    page.get_by_role("button", name="Read out the link to register").click()
    link = page.get_by_label("Address").input_value()
    page.goto(people)
    assert stage_of(page, "Rosa") == "offered"
    check_axe(page)

    # She registers on the same old phone and is in.
    no_sideways_scroll(rosa)
    registers(rosa, link, "Rosa Marsh")
    no_sideways_scroll(rosa)
    page.reload()
    assert stage_of(page, "Rosa") == "in_group"
    assert Place.objects.get(caregiver__referrals__source=Referral.Source.INTEREST).state == "taken"

    # The ninth registers too and waits.
    nina = CaregiverFactory(cohort=cohort, name="Nina Ninth")
    ninth = old_phone()
    invited = reverse("register", args=[links.invite(caregiver=nina, cohort=cohort, by=lead)])
    registers(ninth, invited, "Nina Ninth")
    page.reload()
    assert cohort.place_set.get(caregiver=nina).state == "waiting"
    expect(page.get_by_text("A place is free.")).to_have_count(0)

    # Dana says no with one tap: the ninth is proposed, offered, and says yes.
    dana = old_phone()
    dana.goto(six_are_in_and_one_has_an_offer)
    dana.get_by_role("button", name="No, thank you").click()
    expect(dana.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    page.reload()
    expect(page.get_by_text("A place is free. Next on the waiting list:")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Offer Nina the place").click()
    expect(page.get_by_text("A place is kept for them for a week.")).to_be_visible()
    place = cohort.place_set.get(caregiver=nina)
    assert place.state == "offered" and place.offered_until > timezone.now()
    ninth.get_by_role("link", name="Open your own page").click()
    ninth.get_by_role("button", name="Yes, I’d like it").click()
    expect(ninth.get_by_role("button", name="Yes, I’d like it")).to_have_count(0)
    page.goto(people)
    assert stage_of(page, "Nina") == "in_group"
    assert cohort.place_set.in_group().count() == cohort.places == 8

    # On a phone the board fits; the poster is switched off, and the page behind its code says so.
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    page.goto(reverse("caregivers:poster", args=[cohort.code]))
    no_sideways_scroll(page)
    page.get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("The poster is off.")).to_be_visible()
    rosa.goto(printed)
    expect(rosa.get_by_role("heading", name="We take no more names here")).to_be_visible()
