"""Before a session on a phone, the minutes after it, the calls that follow, and the checklist."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from caregivers.models import FollowUp
from programmes.models import ChecklistLine
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Prepared
from sessions_app.register.actions import mark
from sessions_app.setting_up.actions import set_up
from tests.factories import CaregiverFactory, PlaceFactory


@pytest.fixture
def group(lead, facilitator, parent):
    today = timezone.localdate()
    group = set_up(
        programme=load_shipped()[0],
        name="Ipswich, autumn",
        area="Ipswich",
        venue="Chantry Library",
        days=weekly(today - timedelta(weeks=4), 6),
        at=time(18),
        places=8,
        by=lead,
        team=[facilitator, parent],
    )
    people = {
        "Rosa Marsh": {"allergies": "Peanuts", "handouts_by": "paper", "safe_ways": ["call", "text"]},
        "Ben Example": {"access_needs": "Large print", "refreshments": "Mint tea", "safe_ways": ["text"]},
        "Amira Example": {"language": "Arabic", "childcare": "A baby comes along", "safe_ways": []},
    }
    for seat, (name, told) in enumerate(people.items(), start=1):
        registered = {"registered_at": timezone.now(), "registered_how": "spoken"}
        caregiver = CaregiverFactory(cohort=group, name=name, **registered, **told)
        PlaceFactory(cohort=group, seat=seat, caregiver=caregiver, taken_on=date(2026, 1, 5))
    return group


def place(group, name):
    return next(place for place in group.place_set.all() if place.caregiver.called == name)


def tick(group, number, name, state, by):
    session = group.sessions.get(number=number)
    mark(session=session, place=place(group, name), state=state, key=f"{number}-{name}", by=by)


@pytest.fixture
def fifth(group):
    return group.sessions.get(number=5)


def open_page(page: Page, name: str, thing) -> None:
    page.goto(reverse(name, args=[thing.code]))


def test_a_facilitator_prepares_the_session_on_the_bus(
    phone_page, sign_in_as, facilitator, group, fifth, check_axe, no_sideways_scroll
):
    page = phone_page
    sign_in_as(page, facilitator)
    open_page(page, "sessions:session", fifth)
    page.get_by_role("link", name="Prepare", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prepare")
    expect(page.get_by_text("3 people are in the group.")).to_be_visible()
    expect(page.get_by_text("Peanuts")).to_be_visible()
    alarm = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Personal alarm", exact=True))
    expect(alarm).to_contain_text("3: one for each person")
    expect(page.get_by_role("button", name="Personal alarms")).to_have_count(0)
    check_axe(page)
    no_sideways_scroll(page)

    pens = page.get_by_role("button", name="Flipchart paper and pens")
    pens.click()
    expect(pens).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Ready: Femi")).to_be_visible()
    refreshments = page.get_by_role("button", name="Refreshments")
    refreshments.focus()
    page.keyboard.press("Enter")
    expect(refreshments).to_have_attribute("aria-pressed", "true")
    assert Prepared.objects.count() == 2
    page.reload()
    expect(page.locator('[aria-pressed="true"]')).to_have_count(2)
    pens.click()
    expect(pens).to_have_attribute("aria-pressed", "false")
    assert Prepared.objects.count() == 1

    page.get_by_role("button", name="Print this page").click()
    expect(page.get_by_text("shred it after the session")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)


def test_it_is_ticked_without_javascript_too(new_page, sign_in_as, lead, fifth):
    page = new_page(width=390, javascript=False)
    sign_in_as(page, lead)
    open_page(page, "sessions:prepare", fifth)
    page.get_by_role("button", name="Refreshments").click()
    expect(page.get_by_role("button", name="Refreshments")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("link", name="Add it").first).to_be_visible()  # a lead adds what is missing


def test_who_stayed_is_two_taps_and_the_next_step_is_on_the_list(
    phone_page, sign_in_as, facilitator, group, fifth, check_axe, no_sideways_scroll
):
    page = phone_page
    tick(group, 5, "Rosa", "present", facilitator)
    tick(group, 5, "Ben", "late", facilitator)
    sign_in_as(page, facilitator)
    open_page(page, "sessions:after", fifth)
    expect(page.get_by_role("status")).to_have_text("0 stayed, 0 of 2 written down")
    expect(page.get_by_text("Amira")).to_have_count(0)
    check_axe(page)
    no_sideways_scroll(page)
    rosa = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Rosa"))
    rosa.get_by_role("button", name="Stayed to talk").click()
    expect(rosa.get_by_role("button", name="Stayed to talk")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Nobody else stayed").click()
    expect(page.get_by_role("status")).to_have_text("1 stayed, 2 of 2 written down")
    check_axe(page)

    rosa.get_by_role("link", name="Minutes and next step").click()
    page.get_by_label("How many minutes?").fill("12")
    page.get_by_label("Next step (optional)").fill("Ring the school together")
    due = timezone.localdate() + timedelta(days=3)
    for label, value in (("Day", due.day), ("Month", due.month), ("Year", due.year)):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_label("Phone call").check()
    check_axe(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Ring the school together").first).to_be_visible()
    expect(page.get_by_text("12 minutes")).to_be_visible()
    assert FollowUp.objects.get(reason="next").due_on == due


def test_a_call_that_two_absences_raised_is_made_by_keyboard_alone(
    page, sign_in_as, facilitator, group, check_axe, no_sideways_scroll
):
    for number in (3, 4):
        tick(group, number, "Rosa", "not_here", facilitator)
        tick(group, number, "Ben", "apologies", facilitator)
        tick(group, number, "Amira", "apologies", facilitator)
    sign_in_as(page, facilitator)
    open_page(page, "caregivers:follow_ups", group)
    expect(page.get_by_text("Two sessions missed in a row")).to_have_count(3)
    expect(page.get_by_text("No way is safe.")).to_be_visible()
    expect(page.get_by_text("Phone call: they did not say that this is safe.")).to_be_visible()
    check_axe(page)

    def press(name: str) -> None:
        """Tabs to it as somebody without a mouse does."""
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.evaluate("document.activeElement.innerText.replace(/\\s+/g, ' ').trim()")
            if focused == name:
                page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} is not reached by Tab")

    press("I will do it Rosa")
    expect(page.get_by_text("Femi Facilitator").locator("visible=true").first).to_be_visible()
    expect(page.get_by_role("button", name="I will do it Rosa")).to_have_count(0)
    press("Record contact Phone call Rosa")
    expect(page.get_by_role("link", name="01632 960001")).to_have_attribute("href", "tel:+441632960001")
    check_axe(page)
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "outcome":
            break
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "minutes":
            break
    page.keyboard.type("8")
    press("Save")
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    call = FollowUp.objects.get(caregiver=place(group, "Rosa").caregiver)
    assert (call.outcome, call.minutes, call.owner, call.recorded_by) == ("taken", 8, facilitator, facilitator)
    page.set_viewport_size({"width": 320, "height": 700})
    no_sideways_scroll(page)


def test_the_checklist_ticks_itself_and_by_hand(
    phone_page, sign_in_as, lead, facilitator, group, check_axe, no_sideways_scroll
):
    page = phone_page
    for number in (1, 2):
        tick(group, number, "Rosa", "present", facilitator)
    sign_in_as(page, lead)
    open_page(page, "programmes:checklist", group)
    delivered = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Session delivered"))
    expect(delivered).to_contain_text("2 of 6 sessions")
    check_axe(page)
    no_sideways_scroll(page)
    line = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Group advertised"))
    line.get_by_role("link", name="Assign and set date").click()
    page.get_by_label("Who does it").select_option("Lena Lead")
    check_axe(page)
    page.get_by_role("button", name="Save").click()
    expect(line).to_contain_text("Lena Lead")
    line.get_by_role("button", name="Tick").click()
    expect(line).to_contain_text("Ticked by Lena Lead")
    check_axe(page)
    assert ChecklistLine.objects.get().ticked_by == lead
    line.get_by_role("button", name="Remove the tick").click()
    expect(line.get_by_role("link", name="Assign and set date")).to_be_visible()
