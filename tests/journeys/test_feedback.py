"""Caregivers say what they think on their phones, and the team reads it when the form has closed."""

from __future__ import annotations

from collections.abc import Callable

import brotli
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from feedback import sealing
from feedback.asking import actions as asking
from feedback.models import Form, SealedAnswer, Submission
from tests.factories import SessionFactory
from tests.feedback.factories import answered, by_link, by_slip, came, closed, drawn, opened_form, printed, url_of

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT = 60 * 1024  # bytes, compressed, with everything


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=2, title="Spotting the signs")


@pytest.fixture
def form(session) -> Form:
    form = asking.open_form(session=session, by=None)
    printed(form)
    return form


def say(page: Page, *answers: str, words: str = "") -> None:
    for question, word in zip(("How was today", "I learned", "I felt safe", "Was there"), answers, strict=False):
        page.get_by_role("group", name=question).get_by_label(word, exact=True).check()
    if words:
        page.get_by_label("What should we do differently?").fill(words)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("width", [320, 390])
def test_somebody_answers_on_a_phone_without_javascript(new_page, form, no_sideways_scroll, width):
    phone = new_page(width=width, height=640, phone=True, javascript=False)
    phone.goto(by_slip(form))
    expect(phone).to_have_title("Tell us what you think – Common Ground")
    no_sideways_scroll(phone)
    send(phone)  # nothing yet
    expect(phone.get_by_role("alert")).to_contain_text("Answer at least one question")
    say(phone, "Good", "A little", "Completely", "About right", words="More time for questions.")
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    no_sideways_scroll(phone)
    phone.reload()
    (payload,) = sealing.open_box([form])
    assert payload["answers"] == {
        "today": 3, "useful": 2, "safe-to-speak": 4, "time": 1, "different": "More time for questions.",
    }  # fmt: skip


def test_going_back_without_scripts_and_sending_again_is_not_a_second_answer(new_page, form):
    phone = new_page(width=390, phone=True, javascript=False)
    phone.goto(by_slip(form))
    say(phone, "Good")
    send(phone)
    phone.go_back()
    say(phone, "Bad")
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert [payload["answers"]["today"] for payload in sealing.open_box([form])] == [3]


def test_going_back_shows_no_answers_to_whoever_holds_the_phone_next(phone_page, form):
    """Back leads to what was open before: the same sheet, by its other address, half filled in."""
    phone_page.goto(url_of(form))
    phone_page.get_by_label("The code on your slip").fill(drawn(form))
    say(phone_page, "Very bad", words="It is me")
    phone_page.goto(by_slip(form))
    before = phone_page.evaluate("history.length")
    say(phone_page, "Very bad", words="It is me")
    send(phone_page)
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert phone_page.evaluate("history.length") == before, "the thanks take the sheet's place"
    phone_page.go_back()
    expect(phone_page.get_by_label("The code on your slip")).to_have_value("")
    expect(phone_page.get_by_label("What should we do differently?")).to_have_value("")
    expect(phone_page.get_by_label("Very bad")).not_to_be_checked()


def test_what_did_not_reach_us_is_still_there_without_scripts_after_going_back(new_page, form):
    phone = new_page(width=390, phone=True, javascript=False)
    phone.goto(by_slip(form))
    say(phone, "Bad", words="Long story")
    phone.context.set_offline(True)
    send(phone)
    phone.wait_for_url("chrome-error://**")
    phone.context.set_offline(False)
    phone.go_back()
    expect(phone.get_by_label("What should we do differently?")).to_have_value("Long story")
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SealedAnswer.objects.count() == 1


def test_an_error_of_ours_leaves_the_answers_on_the_sheet(phone_page, form, settings):
    phone_page.goto(by_slip(form))
    say(phone_page, "Bad", words="Long story")
    phone_page.route("**/?send", lambda route: route.fulfill(status=503, body="<main>One moment, please.</main>"))
    send(phone_page)
    expect(phone_page.get_by_role("alert")).to_have_text("One moment, please.")
    expect(phone_page.get_by_label("What should we do differently?")).to_have_value("Long story")
    phone_page.unroute("**/?send")
    send(phone_page)
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SealedAnswer.objects.count() == 1


def test_the_form_can_be_filled_in_with_keys_alone(page, form):
    page.goto(by_slip(form))
    page.get_by_label("Very bad").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert sealing.open_box([form])[0]["answers"] == {"today": 1}


def test_the_public_pages_are_accessible(phone_page, form, check_axe):
    phone_page.goto(url_of(form))
    check_axe(phone_page)
    send(phone_page)
    check_axe(phone_page)
    phone_page.get_by_text("Could somebody still find out?").click()
    check_axe(phone_page)
    phone_page.get_by_label("The code on your slip").fill(drawn(form).lower())
    say(phone_page, "OK")
    send(phone_page)
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    check_axe(phone_page)
    asking.close_form(form=form, by=None)
    phone_page.goto(url_of(form))
    check_axe(phone_page)


def test_the_form_is_light_and_loads_nothing_from_elsewhere(phone_page, form, live_server):
    sizes: dict[str, int] = {}
    phone_page.on("response", lambda answer: sizes.update({answer.url: len(brotli.compress(answer.body()))}))
    phone_page.goto(url_of(form))
    phone_page.wait_for_load_state("networkidle")
    assert all(url.startswith(live_server.url) for url in sizes)
    assert sum(sizes.values()) < LIGHT, sizes
    assert not phone_page.context.cookies()


def test_slips_are_drawn_counted_out_by_two_and_the_answers_are_read(
    page, new_page: Callable[..., Page], sign_in_as, facilitator, parent, lead, session, check_axe, no_sideways_scroll
):
    def look(at: Page) -> None:
        check_axe(at)
        at.set_viewport_size({"width": 320, "height": 640})
        no_sideways_scroll(at)
        at.set_viewport_size({"width": 1280, "height": 900})

    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:session", args=[session.code]))
    expect(page.get_by_text("The slips are not printed yet.")).to_be_visible()
    look(page)

    parents = new_page()
    sign_in_as(parents, parent)
    parents.goto("/")
    parents.get_by_role("link", name="Slips", exact=True).click()
    look(parents)
    with parents.expect_download() as sheet:
        parents.get_by_role("button", name="Print the slips").first.click()
    assert sheet.value.suggested_filename == "slips.pdf"

    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_text("slips were printed by Pat Parent")).to_be_visible()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    link = page.get_by_role("link", name="/f/").get_attribute("href")
    look(page)
    page.get_by_role("button", name="Show it big").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="Back").click()

    form = Form.objects.get()
    phone = new_page(width=390, phone=True)
    for number, word in enumerate(("Good", "Good", "Very good", "OK", "Bad")):
        slip = drawn(form)
        phone.goto(by_slip(form) if number % 2 else link)
        if not number % 2:
            phone.get_by_label("The code on your slip").fill(slip)
        say(phone, word, words=f"It was {word}")
        send(phone)
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")

    page.reload()
    expect(page.get_by_text("nobody sees how many")).to_be_visible()
    page.get_by_text("Close the form before its time").click()
    page.get_by_role("button", name="Ask to close the form").click()
    expect(page.get_by_text("You have asked to close the form")).to_be_visible()
    look(page)
    leads = new_page()
    sign_in_as(leads, lead)
    leads.goto(reverse("feedback:close_early", args=[form.code]))
    look(leads)
    leads.get_by_label("I was not in the room").check()
    leads.get_by_role("button", name="Close the form now").click()
    expect(leads.get_by_text("two of the team count the slips")).to_be_visible()
    look(leads)

    came(form, 8)
    leads.get_by_role("button", name="Count the slips").click()
    look(leads)
    parents.goto(reverse("feedback:slips"))
    parents.get_by_role("link", name="Count the slips").click()
    for at in (leads, parents):
        at.get_by_label("How many slips are left over?").fill("2")
        at.get_by_label("How many people were in the room?").fill("8")
        at.get_by_role("button", name="Save what I counted").click()
    expect(parents.get_by_text("Both counts are the same.")).to_be_visible()
    look(parents)

    page.goto(reverse("feedback:session", args=[session.code]))
    expect(page.get_by_text("5 people answered.")).to_be_visible()
    expect(page.get_by_text("5 of 10 slips used, 2 made void.")).to_be_visible()
    expect(page.get_by_role("table", name="How was today").get_by_role("row", name="Very good 1")).to_be_visible()
    expect(page.get_by_text("It was Bad")).to_be_visible()
    look(page)
    assert Submission.objects.count() == 5


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_a_form_by_link_says_what_could_be_found_out(new_page, cohort, check_axe, no_sideways_scroll, width):
    phone = new_page(width=width, phone=width < 1000)
    phone.goto(url_of(opened_form(by_link(cohort))))
    expect(phone.get_by_text("Somebody could work out which answers are yours")).to_be_visible()
    phone.get_by_text("How, and what you can do").click()
    expect(phone.get_by_text("anybody with this link can send answers")).to_be_visible()
    check_axe(phone)
    no_sideways_scroll(phone)


def test_the_lead_chooses_the_weaker_way(page, sign_in_as, lead, session, check_axe, no_sideways_scroll):
    sign_in_as(page, lead)
    page.goto(reverse("feedback:session", args=[session.code]))
    page.get_by_role("link", name="Slips or the link").click()
    check_axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This group answers by the link alone.")).to_be_visible()


def test_with_four_answers_the_team_is_told_to_wait(page, sign_in_as, lead, session, form, check_axe):
    answered(form, 4)
    closed(form, by=lead)
    sign_in_as(page, lead)
    page.goto(reverse("feedback:session", args=[session.code]))
    expect(page.get_by_text("stay sealed")).to_be_visible()
    check_axe(page)
