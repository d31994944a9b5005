"""A tablet goes round the room: whoever holds it next finds nothing of the person before. And one sheet is one answer,
whatever becomes of the connection."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback import sealing
from feedback.models import Form, SealedAnswer
from tests.feedback.factories import by_slip, drawn, opened_form
from tests.journeys.engines import STARTED

pytestmark = pytest.mark.django_db(transaction=True)
STORY = "It is me, and this happened"


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def answer(page: Page, slip: str = "") -> None:
    if slip:
        page.get_by_label("The code on your slip").fill(slip)
    page.get_by_role("group", name="How was today").get_by_label("Very bad").check()
    page.get_by_label("What should we do differently?").fill(STORY)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def shows_nothing(page: Page) -> None:
    """Neither the page, its fields, nor anything the browser keeps for it."""
    page.wait_for_load_state()
    assert STORY not in page.content()
    fields = "[...document.querySelectorAll('main input:not([type=hidden]), main textarea')]"
    assert not page.evaluate(f"{fields}.some(one => one.checked || one.type === 'textarea' && one.value)")
    kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.cookie, location.href])"
    assert "me" not in page.evaluate(kept).replace("name", "")
    assert page.evaluate("caches.keys()") == []
    stores = page.evaluate(
        """async () => {
          const found = [];
          for (const { name } of await indexedDB.databases()) {
            const db = await new Promise((ok) => (indexedDB.open(name).onsuccess = (event) => ok(event.target.result)));
            for (const store of db.objectStoreNames) {
              found.push(...await new Promise((ok) =>
                (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => ok(event.target.result))));
            }
            db.close();
          }
          return found;
        }"""
    )
    assert stores == []


def test_the_next_person_finds_nothing_of_the_last_ones_answers(
    page, sign_in_as, facilitator, form, check_axe, no_sideways_scroll
):
    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:paper", args=[form.code]))
    check_axe(page)
    page.get_by_role("button", name="Sign out and start the tablet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell us what you think")
    check_axe(page)
    before = page.evaluate("history.length")

    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/tablet/sheet/")
    names = page.evaluate("[...document.querySelector('main form').elements].map(one => one.name)")
    send(page)  # nothing yet
    expect(page.get_by_role("alert")).to_contain_text("Type the code on your slip")
    check_axe(page)
    answer(page, drawn(form))
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    check_axe(page)
    shows_nothing(page)
    assert page.evaluate("history.length") == before, "each page takes the last one's place"

    page.reload()
    shows_nothing(page)
    page.go_back()  # to the pages of the team, and nobody is signed in
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_forward()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    shows_nothing(page)

    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/tablet/sheet/")
    shows_nothing(page)
    form_of_page = page.locator("main form")
    expect(form_of_page).to_have_attribute("autocomplete", "off")
    later = page.evaluate("[...document.querySelector('main form').elements].map(one => one.name)")
    assert not {name for name in names if name} & {name for name in later if name}, "no name that autofill knows"
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    assert [payload["answers"] for payload in sealing.open_box([form])] == [{"today": 0, "different": STORY}]


def test_a_sheet_that_is_left_is_empty_and_goes_by_itself_after_two_minutes(page, form):
    page.clock.install(time=timezone.now())
    page.goto(reverse("tablet", args=[form.code]))
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(STARTED)
    answer(page)
    page.clock.fast_forward(100_000)
    expect(page.locator("main").get_by_role("status")).to_contain_text("Are you still there?")
    page.keyboard.press("Shift")
    expect(page.locator("main").get_by_role("status")).to_have_text("")
    page.clock.fast_forward(100_000)
    expect(page.get_by_label("What should we do differently?")).to_have_value(STORY)
    page.clock.fast_forward(25_000)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    shows_nothing(page)

    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/tablet/sheet/")
    answer(page)
    page.goto("about:blank")  # somebody leaves in the middle
    page.go_back()
    shows_nothing(page)
    assert not SealedAnswer.objects.exists()


def test_without_javascript_back_finds_an_empty_sheet_too(new_page, form):
    page = new_page(javascript=False)
    page.goto(reverse("tablet", args=[form.code]))
    page.get_by_role("button", name="Start").click()
    answer(page, drawn(form))
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.go_back()
    expect(page.get_by_label("What should we do differently?")).to_have_value("")
    expect(page.get_by_label("Very bad")).not_to_be_checked()


def test_without_a_connection_the_answers_stay_on_the_sheet_until_they_are_sent_once(page, form):
    page.goto(reverse("tablet_sheet", args=[form.code]))
    answer(page, drawn(form))
    sheets = "**/tablet/sheet/?*"

    def cut_after_it_came(route):
        route.fetch()
        route.abort()

    page.route(sheets, lambda route: route.abort())
    send(page)
    expect(page.locator("main").get_by_role("status")).to_contain_text("not sent yet")
    page.unroute(sheets)
    page.route(sheets, cut_after_it_came)  # it came, and the answer is lost on its way back

    send(page)
    expect(page.locator("main").get_by_role("status")).to_contain_text("not sent yet")
    page.unroute(sheets)
    page.get_by_role("button", name="Send").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SealedAnswer.objects.count() == 1


def test_on_ones_own_phone_a_sheet_is_one_answer_when_the_connection_is_cut_before_ours_comes(phone_page, form):
    phone_page.goto(by_slip(form))
    answer(phone_page)
    sends = "**/f/slip/*/*/?send"

    def cut_after_it_came(route):
        route.fetch()
        route.abort()

    phone_page.route(sends, cut_after_it_came)
    send(phone_page)
    expect(phone_page.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
    assert SealedAnswer.objects.count() == 1
    phone_page.unroute(sends)
    expect(phone_page.get_by_label("What should we do differently?")).to_have_value(STORY)
    phone_page.get_by_role("button", name="Send").dblclick()
    expect(phone_page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert SealedAnswer.objects.count() == 1
