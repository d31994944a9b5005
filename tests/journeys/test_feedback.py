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
from tests.feedback.factories import answered, url_of

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT = 60 * 1024  # bytes, compressed, with everything


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=2, title="Spotting the signs")


@pytest.fixture
def form(session) -> Form:
    return asking.open_form(session=session, by=None)


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
    phone.goto(url_of(form))
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


@pytest.mark.parametrize("javascript", [True, False])
def test_going_back_and_sending_again_is_not_a_second_answer(new_page, form, javascript):
    phone = new_page(width=390, phone=True, javascript=javascript)
    phone.goto(url_of(form))
    say(phone, "Good")
    send(phone)
    phone.go_back()
    say(phone, "Bad")
    send(phone)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert [payload["answers"]["today"] for payload in sealing.open_box([form])] == [3]


def test_going_back_shows_no_answers_to_whoever_holds_the_phone_next(phone_page, form):
    phone_page.goto(url_of(form))
    say(phone_page, "Very bad", words="It is me")
    send(phone_page)
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    phone_page.wait_for_function("sessionStorage.getItem('sent')")
    phone_page.go_back()
    expect(phone_page.get_by_role("button", name="Send")).to_be_visible()
    expect(phone_page.get_by_label("What should we do differently?")).to_have_value("")
    expect(phone_page.get_by_label("Very bad")).not_to_be_checked()


def test_what_did_not_reach_us_is_still_there_after_going_back(phone_page, form):
    phone_page.goto(url_of(form))
    say(phone_page, "Bad", words="Long story")
    phone_page.context.set_offline(True)
    send(phone_page)
    phone_page.wait_for_url("chrome-error://**")
    phone_page.context.set_offline(False)
    phone_page.go_back()
    expect(phone_page.get_by_label("What should we do differently?")).to_have_value("Long story")
    send(phone_page)
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SealedAnswer.objects.count() == 1


def test_the_form_can_be_filled_in_with_keys_alone(page, form):
    page.goto(url_of(form))
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


def test_a_facilitator_opens_the_form_five_answer_and_it_is_read(
    page, new_page: Callable[..., Page], sign_in_as, facilitator, session, check_axe, no_sideways_scroll
):
    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:session", args=[session.code]))
    check_axe(page)
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    link = page.get_by_role("link", name="/f/").get_attribute("href")
    check_axe(page)
    page.get_by_role("button", name="Show it big").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="Back").click()

    phone = new_page(width=390, phone=True)
    for word in ("Good", "Good", "Very good", "OK", "Bad"):
        phone.goto(link)
        say(phone, word, words=f"It was {word}")
        send(phone)
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")

    page.reload()
    expect(page.get_by_text("nobody sees how many")).to_be_visible()
    page.get_by_text("Close the form now").click()
    page.get_by_role("button", name="Close the form").click()
    expect(page.get_by_text("5 people answered.")).to_be_visible()
    expect(page.get_by_role("table", name="How was today").get_by_role("row", name="Very good 1")).to_be_visible()
    expect(page.get_by_text("It was Bad")).to_be_visible()
    check_axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    assert Submission.objects.count() == 5


def test_with_four_answers_the_team_is_told_to_wait(page, sign_in_as, lead, session, form, check_axe):
    answered(form, 4)
    asking.close_form(form=form, by=lead)
    sign_in_as(page, lead)
    page.goto(reverse("feedback:session", args=[session.code]))
    expect(page.get_by_text("stay sealed")).to_be_visible()
    check_axe(page)
