"""Ten paper sheets are typed in by the keyboard alone, a second time too, and go into the box."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from feedback import sealing
from feedback.models import Form, PaperPile
from feedback.slips.codes import codes_of
from tests.feedback.factories import opened_form, printed

pytestmark = pytest.mark.django_db(transaction=True)
FIVE_MINUTES = 300
KEYS_A_SECOND = 4  # somebody who types with ten fingers and looks at the paper in between

# How was today, learned something, felt safe, enough time (the number beside the answer; "" left out), and words.
SHEETS = [
    ("5", "4", "5", "2", "More time to talk about the phone contracts."),
    ("4", "4", "5", "2", ""),
    ("3", "", "4", "1", "Too long without a break"),
    ("5", "5", "5", "2", ""),
    ("4", "3", "", "2", "Thank you"),
    ("2", "2", "3", "3", "It was hot"),
    ("4", "4", "4", "2", ""),
    ("5", "4", "5", "1", "Come to our side of town once"),
    ("", "3", "4", "2", ""),
    ("4", "5", "5", "2", "More tea"),
]


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def type_sheet(page: Page, sheet: tuple[str, ...], slip: str) -> int:
    """With the focus where the page has put it; returns how many keys were pressed."""
    *choices, words = sheet
    page.keyboard.type(slip)
    page.keyboard.press("Enter")
    for choice in choices:
        if choice:
            page.keyboard.press(choice)
        page.keyboard.press("Enter")
    if words:
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # past the tick that they may be quoted, to the next sheet
    return sum(map(bool, choices)) + len(choices) + len(words) + len(slip) + 3


def on_sheet(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Sheet {number} of 10")
    expect(page.locator(".typing :focus")).to_be_attached()  # the page's script has put the focus there


def test_ten_sheets_are_typed_in_under_five_minutes_and_a_difference_is_shown(
    page, sign_in_as, facilitator, form, check_axe, no_sideways_scroll
):
    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:type", args=[form.code]))
    check_axe(page)
    page.get_by_label("How many sheets").fill("10")
    page.keyboard.press("Enter")
    on_sheet(page, 1)
    check_axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    page.set_viewport_size({"width": 1280, "height": 900})

    slips = [code.lower() for code in codes_of(printed(form))]
    began, keys = time.monotonic(), 0
    for number, sheet in enumerate(SHEETS, start=1):
        on_sheet(page, number)
        keys += type_sheet(page, sheet, slips[number])
    expect(page.get_by_role("heading", level=1)).to_have_text("Send the pile")
    machine = time.monotonic() - began
    assert machine + keys / KEYS_A_SECOND < FIVE_MINUTES, f"{keys} keys, and {machine:.0f} seconds for the pages"
    check_axe(page)

    page.get_by_role("button", name="Type them a second time").press("Enter")
    for number, sheet in enumerate(SHEETS, start=1):
        on_sheet(page, number)
        type_sheet(page, ("4", *sheet[1:]) if number == 3 else sheet, slips[number])  # the eye slipped
    expect(page.get_by_text("They differ in 1 answer.")).to_be_visible()
    group = page.get_by_role("group", name="Sheet 3: How was today for you?")
    expect(group.get_by_label("OK")).to_be_focused()
    expect(group.get_by_label("Good")).to_be_visible()
    check_axe(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The sheets are in the box.")).to_be_visible()
    assert not PaperPile.objects.exists()
    said = [payload["answers"] for payload in sealing.open_box([form])]
    assert len(said) == 10
    expected = {"today": 2, "safe-to-speak": 3, "time": 0, "different": "Too long without a break"}
    assert expected in said


def test_an_answer_is_taken_back_and_the_sheet_before_put_right(page, sign_in_as, facilitator, form):
    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:type", args=[form.code]))
    page.get_by_label("How many sheets").fill("10")
    page.keyboard.press("Enter")
    on_sheet(page, 1)
    page.keyboard.press("Enter")  # no slip lay with it
    page.keyboard.press("1")
    page.keyboard.press("Backspace")
    for key in ("Enter", "5", "Enter", "Enter", "Enter", "Enter", "Enter"):
        page.keyboard.press(key)
    on_sheet(page, 2)
    page.keyboard.press("PageUp")
    on_sheet(page, 1)
    expect(page.get_by_role("group", name="How was today").get_by_label("Very bad")).not_to_be_checked()
    expect(page.get_by_role("group", name="I learned").get_by_role("radio", name="A lot", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    page.keyboard.press("4")
    page.get_by_role("button", name="Keep, and go on").press("Enter")
    on_sheet(page, 2)
    assert PaperPile.objects.get().first[0] == {"today": 3, "useful": 4}
