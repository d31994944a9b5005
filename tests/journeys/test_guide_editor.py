"""A lead changes a guide: by keyboard alone, by dragging, on a phone, and without scripts."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date, time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from programmes.editing import actions as editing
from programmes.models import Guide
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Session
from sessions_app.planning.actions import adapt
from sessions_app.planning.changes import ItemPlan, seen
from sessions_app.setting_up.actions import set_up
from tests.journeys.engines import STARTED

PICTURES = os.environ.get("PICTURES", "")


def picture(page: Page, name: str) -> None:
    """With PICTURES=folder each page is kept as a picture, to look at."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


@pytest.fixture
def guide(db) -> Guide:
    return load_shipped()[0].guides.get(number=4)


@pytest.fixture
def open_editor(sign_in_as, guide, lead):
    def open_it(page: Page) -> Page:
        editing.start(guide=guide, by=lead)
        sign_in_as(page, lead)
        page.goto(reverse("programmes:edit", args=[guide.code]))
        page.wait_for_selector(STARTED)
        return page

    return open_it


def titles(page: Page) -> list[str]:
    return page.locator("[data-parts] .editor__title").evaluate_all(
        "all => all.map((one) => one.firstChild.data.trim())"
    )


def stored(guide: Guide) -> list[str]:
    return [item.title for item in guide.draft().items.all()]


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of this name has the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.replace(/\\s+/g, ' ').trim()"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"Tab never reached {name}")


def test_by_keyboard_alone_a_lead_edits_and_publishes_a_guide(page, sign_in_as, lead, guide, check_axe):
    sign_in_as(page, lead)
    page.goto(guide.get_absolute_url())
    check_axe(page)
    tab_to(page, "Edit this guide")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(guide.title)
    page.wait_for_selector(STARTED)
    expect(page.locator(".timebar__told")).to_have_text("85 of 90 minutes, 5 unplanned")
    check_axe(page)

    first, second = titles(page)[:2]
    tab_to(page, f"Minutes of {first}")
    page.keyboard.type("12")
    expect(page.locator(".timebar__told")).to_have_text("92 of 90 minutes, 2 minutes too long")
    press(page, "Tab")
    expect(page.locator("[data-said]")).to_have_text("Saved in the draft.")
    assert guide.draft().items.first().minutes == 12

    tab_to(page, f"↓ Down {first}")
    press(page, "Enter")
    expect(page.locator("[data-said]")).to_have_text(f"“{first}” is now part 2 of 7.")
    assert page.evaluate("document.activeElement.value").startswith("down:"), "the focus stays on the button"
    assert titles(page)[:2] == [second, first] == stored(guide)[:2]

    page.locator(".editor__title").first.focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(second)
    check_axe(page)
    tab_to(page, "Minutes")
    page.keyboard.type("3")
    expect(page.locator(".timebar__told")).to_have_text("90 of 90 minutes")
    tab_to(page, "Prompts")
    press(page, "Control+A")
    page.keyboard.type("What stayed with you?")
    press(page, "Enter")
    page.keyboard.type("- One thing each")
    tab_to(page, "Save")
    press(page, "Enter")
    expect(page.get_by_role("alert", name="Done")).to_contain_text("is saved in the draft")
    assert guide.draft().items.first().prompts == [{"What stayed with you?": ["One thing each"]}]

    tab_to(page, "Publish as the next version")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Publish version 2")
    check_axe(page)
    expect(page.get_by_text(f"{first}: Made longer, 5 → 12 minutes")).to_be_visible()
    picture(page, "publish-1280")
    tab_to(page, "What was changed, and why?")
    page.keyboard.type("The recap comes first: groups asked for it.")
    tab_to(page, "Publish")
    press(page, "Enter")
    expect(page.get_by_text("Version 2, published on")).to_be_visible()
    check_axe(page)
    assert (guide.current().version, guide.draft()) == (2, None)
    page.get_by_role("link", name="All versions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Versions of this guide")
    check_axe(page)
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("This is version 1, which was replaced.")).to_be_visible()
    check_axe(page)


def test_parts_are_dragged_by_their_handle_and_the_move_is_told(page, open_editor, guide):
    open_editor(page)
    before = titles(page)
    start = page.locator("[data-handle]").nth(0).bounding_box()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.down()
    target = page.locator("[data-key]").nth(2).bounding_box()
    page.mouse.move(target["x"] + 20, target["y"] + target["height"] - 5, steps=12)
    expect(page.locator(".editor__part--dragged")).to_have_count(1)
    expect(page.locator("[data-key]").nth(2).locator(".editor__title")).to_contain_text(before[0])
    page.mouse.up()
    expect(page.locator("[data-said]")).to_have_text(f"“{before[0]}” is now part 3 of 7.")
    assert titles(page) == [before[1], before[2], before[0], *before[3:]] == stored(guide)
    page.reload()
    assert titles(page) == stored(guide)


def test_what_is_typed_and_dragged_at_once_is_all_kept(page, open_editor, guide):
    open_editor(page)
    first = titles(page)[0]
    page.get_by_label(f"Minutes of {first}").fill("9")
    for _ in range(3):
        page.get_by_role("button", name=f"Down {first}").click()
    expect(page.locator("[data-said]")).to_have_text(f"“{first}” is now part 4 of 7.")
    moved = guide.draft().items.get(position=4)
    assert (moved.title, moved.minutes) == (first, 9)


def test_somebody_else_changed_it_meanwhile(page, new_page, open_editor, sign_in_as, guide):
    open_editor(page)
    other = open_editor(new_page())
    first = titles(page)[0]
    other.get_by_role("button", name=f"Down {first}").click()
    expect(other.locator("[data-said]")).to_contain_text("is now part 2")
    page.get_by_label(f"Minutes of {first}").fill("7")
    page.keyboard.press("Tab")
    expect(page.locator("[data-alert]")).to_contain_text("changed this at")
    assert page.get_by_label(f"Minutes of {first}").input_value() == "7", "what was typed is still there"
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.get_by_role("alert").filter(has_text="There is a problem")).to_contain_text("changed this")
    assert page.get_by_label(f"Minutes of {first}").input_value() == "7"
    page.get_by_role("button", name="Save the minutes").click()
    page.wait_for_selector(STARTED)
    item = guide.draft().items.get(title=first)
    assert (item.position, item.minutes) == (2, 7), "their order and these minutes"


def test_a_lost_connection_is_said_and_loses_nothing(page, open_editor, guide):
    open_editor(page)
    first = titles(page)[0]
    page.context.set_offline(True)
    page.get_by_label(f"Minutes of {first}").fill("8")
    page.keyboard.press("Tab")
    expect(page.locator("[data-alert]")).to_have_text("Not saved. Open the page again and try once more.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.locator(".timebar__told")).to_have_text("88 of 90 minutes, 2 unplanned")
    assert guide.draft().items.first().minutes == 8


def test_it_all_works_without_scripts(new_page, sign_in_as, guide, lead, no_sideways_scroll):
    page = new_page(width=320, phone=True, javascript=False)
    sign_in_as(page, lead)
    page.goto(guide.get_absolute_url())
    page.get_by_role("button", name="Edit this guide").click()
    first, second = titles(page)[:2]
    page.get_by_label(f"Minutes of {first}").fill("11")
    page.get_by_role("button", name=f"Down {first}").click()
    assert titles(page)[:2] == [second, first]
    expect(page.locator(".timebar__told")).to_have_text("91 of 90 minutes, 1 minute too long")
    page.get_by_label(f"Minutes of {first}").fill("soon")
    page.get_by_role("button", name="Save the minutes").click()
    expect(page.get_by_role("alert").first).to_contain_text(f"“Minutes of {first}” must be a whole number")
    assert page.get_by_label(f"Minutes of {first}").input_value() == "soon"
    page.get_by_label(f"Minutes of {first}").fill("5")
    page.get_by_role("button", name=f"Remove {second}").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    assert titles(page)[0] == first and guide.draft().items.first().minutes == 5
    page.get_by_role("button", name="Add a part").click()
    page.get_by_label("Title").fill("Breathing together")
    page.get_by_label("Minutes").fill("5")
    page.get_by_role("button", name="Save", exact=True).click()
    assert "Breathing together" in titles(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_page_of_the_editor_fits_and_is_accessible(
    new_page, open_editor, guide, check_axe, no_sideways_scroll, width
):
    page = open_editor(new_page(width=width, height=844, phone=width < 1000))
    small = []
    for target in page.locator("main .editor button:visible, main .editor a:visible, [data-handle]").all():
        box = target.bounding_box()
        if box["height"] < 44 or box["width"] < 44:
            small.append(target.inner_text())
    assert not small
    key = guide.draft().items.first().key
    resource = guide.handouts.first()
    pages = {
        "guide": guide.get_absolute_url(),
        "edit": reverse("programmes:edit", args=[guide.code]),
        "item": reverse("programmes:item", args=[guide.code, key]),
        "add": reverse("programmes:add_item", args=[guide.code]),
        "about": reverse("programmes:about", args=[guide.code]),
        "remove": reverse("programmes:remove_item", args=[guide.code, key]),
        "discard": reverse("programmes:discard", args=[guide.code]),
        "publish": reverse("programmes:publish", args=[guide.code]),
        "versions": reverse("programmes:versions", args=[guide.code]),
        "new-resource": reverse("programmes:add_resource", args=[guide.code]),
        "resource": reverse("programmes:resource", args=[resource.code]),
    }
    for name, url in pages.items():
        page.goto(url)
        no_sideways_scroll(page)
        check_axe(page)
        picture(page, f"{name}-{width}")


def test_the_sum_stays_in_sight_while_scrolling(phone_page, open_editor):
    page = open_editor(phone_page)
    page.locator("[data-key]").last.scroll_into_view_if_needed()
    expect(page.locator(".timebar__told")).to_be_in_viewport()


# --- The arithmetic by itself -----------------------------------------------------------------------


@pytest.fixture
def logic(page, live_server):
    page.goto(reverse("account_login"))

    def run(script: str):
        load = "const logic = await import('/static/js/guide-editor.js');"
        return page.evaluate(f"(async () => {{ {load} {script} }})()")

    return run


WORDS = """{sum: '%used of %length minutes', unplanned: ', %n unplanned', oneTooLong: ', 1 minute too long',
tooLong: ', %n minutes too long'}"""


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (85, "85 of 90 minutes, 5 unplanned"),
        (90, "90 of 90 minutes"),
        (91, "91 of 90 minutes, 1 minute too long"),
        (100, "100 of 90 minutes, 10 minutes too long"),
    ],
)
def test_the_sum_says_what_the_server_says(logic, minutes, says):
    parts = f"[{{minutes: {minutes}, counted: true}}, {{minutes: 30, counted: false}}]"
    assert logic(f"return logic.told({parts}, 90, {WORDS})") == says


def test_the_bar_is_the_one_the_server_draws(page, open_editor):
    drawn = re.compile(r'<rect\s+class="timebar__part[^>]*?x="([\d.]+)"\s+width="([\d.]+)"')
    open_editor(page)
    plain = page.request.get(page.url).text()
    served = [tuple(map(float, found)) for found in drawn.findall(plain)]
    assert len(served) == 6
    assert served == [
        (float(rect.get_attribute("x")), float(rect.get_attribute("width")))
        for rect in page.locator(".timebar__part").all()
    ]


def test_what_is_no_number_counts_as_none(logic):
    assert logic("return ['5', ' 12 ', '', 'x', '1.5', '-3', '1000'].map(logic.minutesFrom)") == [
        5, 12, 0, 0, 0, 0, 0,
    ]  # fmt: skip


def test_a_dragged_part_belongs_before_the_first_middle_below_it(logic):
    assert logic("return [5, 15, 25, 99].map((y) => logic.placeAt(y, [10, 20, 30]))") == [0, 1, 2, 3]


# --- What groups changed ------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 1280])
def test_a_lead_takes_what_a_group_changed_into_the_next_version(
    new_page, sign_in_as, guide, lead, check_axe, no_sideways_scroll, width
):
    for name, minutes in (("Ipswich spring", 3), ("Ipswich autumn", 4), ("Bury", 5)):
        days = weekly(date(2026, 10, 13), 6)
        cohort = set_up(programme=guide.programme, name=name, area="Ipswich", days=days, at=time(18), places=8, by=lead)
        session = cohort.sessions.get(number=4)
        plan = [
            ItemPlan(code=item.code, **{field: getattr(item, field) for field in ItemPlan.FIELDS})
            for item in session.items.all()
        ]
        if minutes < 5:
            plan[0] = replace(plan[0], minutes=minutes)
            opened_at = seen(list(session.items.all()))
            why = "Everybody was there early and wanted to begin."
            adapt(session=session, plan=plan, opened_at=opened_at, why=why, by=lead, by_group=minutes == 3)

    page = new_page(width=width, height=844)
    sign_in_as(page, lead)
    page.goto(guide.get_absolute_url())
    page.get_by_role("link", name="What groups changed").or_(
        page.get_by_role("button", name="What groups changed")
    ).click()
    expect(page.get_by_role("heading", name="Shortened in 2 of 3 groups")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)
    picture(page, f"learned-{width}")
    page.get_by_role("button", name=re.compile("Take into the guide .*Ipswich spring")).click()
    expect(page.get_by_role("alert", name="Done")).to_contain_text("It is in the draft")
    expect(page.get_by_text("In the draft", exact=True)).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Publish as the next version").click()
    expect(page.get_by_text("Welcome and check-in: Shortened, 5 → 3 minutes")).to_be_visible()
    page.get_by_label("What was changed, and why?").fill("Two groups began sooner.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Two groups began sooner.")).to_be_visible()
    assert guide.current().items.first().minutes == 3
    assert {session.items.first().minutes for session in Session.objects.filter(number=4)} == {3, 4, 5}
