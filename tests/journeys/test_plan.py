"""Planning a session in the browser: by keyboard, on a phone, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.models import Adaptation
from tests.factories import SessionFactory, SessionItemFactory, SpeakerFactory

PAGES = ["plan", "move", "cancel", "put_back", "add", "agenda", "add_speaker"]


@pytest.fixture
def session(cohort):
    starts = timezone.now().replace(hour=18, minute=0, second=0, microsecond=0) + timedelta(days=10)
    rows = [("Set up", 30, "setup", False), ("Welcome", 10, "welcome", True), ("Film", 20, "film", True)]
    rows += [("Talk with services", 55, "speaker", True), ("Clear up", 15, "clear_up", False)]
    first = SessionFactory(cohort=cohort, number=2, title="Signs", starts_at=starts)
    for position, (title, minutes, kind, counted) in enumerate(rows, start=1):
        item = SessionItemFactory(
            session=first, position=position, title=title, minutes=minutes, kind=kind, counted=counted, speakers=[]
        )
    talk = first.items.get(title="Talk with services")
    SpeakerFactory(item=talk, service="Education")
    SpeakerFactory(item=talk, service="Police", name="Sam Jones", organisation="Suffolk Constabulary")
    for number in (3, 4):
        SessionFactory(cohort=cohort, number=number, starts_at=starts + timedelta(weeks=number - 2))
    assert item.title == "Clear up"
    return first


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.code])


def part(page: Page, title: str):
    return page.get_by_role("group", name=title)


def titles(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_label("Title").all()]


def test_the_facilitator_moves_a_session_and_all_after_it_by_keyboard_alone(
    page, sign_in_as, facilitator, session, check_axe
):
    sign_in_as(page, facilitator)
    page.goto(url("plan", session))
    check_axe(page)
    page.get_by_role("button", name="Move", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Move this session")
    check_axe(page)
    day = timezone.localdate(session.starts_at) + timedelta(days=8)
    page.get_by_label("Day", exact=True).focus()
    for typed in (str(day.day), str(day.month), str(day.year), "7pm"):
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # radios: this session and all after it
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The library is shut")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 sessions are moved")).to_be_visible()
    check_axe(page)
    assert Adaptation.objects.filter(kind="moved", why="The library is shut").count() == 3
    session.refresh_from_db()
    assert timezone.localtime(session.starts_at).strftime("%Y-%m-%d %H:%M") == f"{day} 19:00"


def test_the_agenda_is_adapted_by_keyboard_and_the_sum_is_always_in_sight(
    page, sign_in_as, facilitator, session, check_axe
):
    sign_in_as(page, facilitator)
    page.goto(url("agenda", session))
    check_axe(page)
    total = page.locator(".timebar__told")
    expect(total).to_have_text("85 of 90 minutes, 5 unplanned")
    part(page, "Film").get_by_label("Minutes").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("45")
    expect(total).to_have_text("110 of 90 minutes, 20 minutes too long")
    expect(total).to_be_in_viewport()
    part(page, "Welcome").get_by_label("Leave this part out").focus()
    page.keyboard.press("Space")
    expect(total).to_have_text("100 of 90 minutes, 10 minutes too long")
    part(page, "Film").get_by_role("button", name="Down").focus()
    page.keyboard.press("Enter")
    expect(part(page, "Film")).to_be_in_viewport()
    assert titles(page) == ["Set up", "Welcome", "Talk with services", "Film", "Clear up"]
    expect(total).to_have_text("100 of 90 minutes, 10 minutes too long")
    page.get_by_role("button", name="Add a part").focus()
    page.keyboard.press("Enter")
    new = part(page, "A new part")
    expect(new).to_be_in_viewport()
    new.get_by_label("Title").fill("Questions")
    new.get_by_label("Minutes").fill("x")
    page.get_by_role("button", name="Save the agenda").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Say why, in a few words")
    check_axe(page)
    page.get_by_role("link", name="Minutes of “the new part”” must be").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("10")
    page.get_by_label("Why?").focus()
    page.keyboard.type("They know each other by now")
    page.keyboard.press("Enter")  # in a field: the sum is worked out, nothing is saved by accident
    expect(total).to_have_text("110 of 90 minutes, 20 minutes too long")
    assert not Adaptation.objects.exists()
    page.get_by_role("button", name="Save the agenda").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The agenda is saved")).to_be_visible()
    check_axe(page)
    assert [item.title for item in session.items.all()] == [
        *("Set up", "Welcome", "Talk with services", "Film", "Questions", "Clear up")
    ]
    assert session.items.get(title="Welcome").left_out and session.items.get(title="Film").minutes == 45
    page.goto(session.get_absolute_url())
    expect(page.locator("s", has_text="Welcome")).to_be_visible()
    check_axe(page)


def test_the_agenda_is_adapted_on_a_phone_without_javascript(new_page, sign_in_as, facilitator, session):
    page = new_page(width=320, height=640, phone=True, javascript=False)
    sign_in_as(page, facilitator)
    page.goto(url("agenda", session))
    part(page, "Talk with services").get_by_role("button", name="Up").click()
    assert titles(page)[2:4] == ["Talk with services", "Film"]
    part(page, "Film").get_by_label("Minutes").fill("25")
    page.get_by_role("button", name="Count again").click()
    expect(page.get_by_text("90 of 90 minutes")).to_be_visible()
    page.get_by_label("Why?").fill("The film is worth it")
    page.get_by_role("button", name="Save the agenda").click()
    expect(page.get_by_text("The agenda is saved")).to_be_visible()
    assert session.items.get(title="Film").minutes == 25


def test_speakers_are_asked_and_confirmed_on_a_phone(phone_page, sign_in_as, facilitator, session, check_axe):
    page = phone_page
    sign_in_as(page, facilitator)
    page.goto(url("plan", session))
    expect(page.get_by_text("0 of 2")).to_be_visible()
    page.get_by_role("link", name="Change Education").click()
    check_axe(page)
    page.get_by_label("Name").fill("Hana Ali")
    page.get_by_label("How to reach them").fill("01632 960111")
    today = timezone.localdate()
    for legend in ("Asked on", "Confirmed on"):
        group = page.get_by_role("group", name=legend)
        for label, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
            group.get_by_label(label).fill(str(value))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    expect(page.get_by_text("Hana Ali")).to_be_visible()
    check_axe(page)


def test_a_calendar_address_is_made_and_copied(page, sign_in_as, facilitator, session, check_axe):
    sign_in_as(page, facilitator)
    page.goto(reverse("sessions:calendar"))
    check_axe(page)
    page.get_by_role("button", name="Make my address").press("Enter")
    address = page.get_by_label("Address for your calendar").input_value()
    check_axe(page)
    answer = page.request.get(address)
    assert answer.status == 200 and "BEGIN:VEVENT" in answer.text()
    page.goto(reverse("sessions:calendar"))
    assert ".ics" not in page.content()
    page.get_by_role("button", name="Stop the address").press("Enter")
    expect(page.get_by_text("The address is stopped")).to_be_visible()
    assert page.request.get(address).status == 404


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_pages_fit(new_page, sign_in_as, facilitator, session, check_axe, no_sideways_scroll, width):
    page = new_page(width=width, height=844)
    sign_in_as(page, facilitator)
    guest = session.items.get(title="Talk with services").guests.first()
    of_guest = [reverse(f"sessions:{name}", args=[session.code, guest.code]) for name in ("speaker", "remove_speaker")]
    for address in [*(url(name, session) for name in PAGES), *of_guest, reverse("sessions:calendar")]:
        page.goto(address)
        no_sideways_scroll(page)
        if width == 320:
            check_axe(page)
