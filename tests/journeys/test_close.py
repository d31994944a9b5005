"""From the last tick to packs sent, on a phone."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caregivers.models import FollowUp
from sessions_app.closing import actions as closing
from sessions_app.models import Delivery, Session
from sessions_app.packs import jobs
from sessions_app.running import actions as running
from tests.journeys.engines import STARTED
from tests.sessions_app.evening import evening, person, tick

EMAIL = ["Aisha Amber", "Carol Cyan", "Ewa Eins", "Farid Fern", "Grace Gold"]


@pytest.fixture
def session(cohort, facilitator):
    """Run by the clock and ticked: Stages took 8 minutes of 20, and Carol was not there."""
    session = evening(cohort, starts_at=timezone.now() - timedelta(minutes=40), minutes=35)
    for minutes, kind in [(0, "start"), (10, "finish"), (18, "finish"), (23, "finish"), (24, "end")]:
        at = session.starts_at + timedelta(minutes=minutes)
        running.step(session=session, kind=kind, key=str(uuid4()), by=facilitator, at=at)
    people = [person(cohort, name) for name in EMAIL]
    people += [person(cohort, "Ben Blue", by="paper"), person(cohort, "Dawn Dun", safe=["text"])]
    for place in people:
        state = "not_here" if place.caregiver.called == "Carol" else "present"
        tick(session, place, state, facilitator)
    person(cohort, "Hope Hazel", by="paper")  # not ticked
    return session


def page_of(session):
    return reverse("sessions:close", args=[session.code])


def test_the_facilitator_closes_the_evening_on_a_phone_in_under_two_minutes(
    phone_page, sign_in_as, facilitator, session, check_axe, no_sideways_scroll
):
    page = phone_page
    sign_in_as(page, facilitator)
    began = time.monotonic()
    page.goto(page_of(session))
    table = page.get_by_role("table", name="Planned and actual minutes")
    expect(table.get_by_role("row").filter(has_text="Stages")).to_contain_text("20")
    expect(table.get_by_role("row").filter(has_text="Stages")).to_contain_text("Shortened")
    expect(page.get_by_text("1 person is not ticked yet: Hope.")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)

    stages = page.get_by_role("group", name="Stages")
    stages.get_by_label("Why?").fill("They wanted to talk about phones")
    stages.get_by_label("The group asked for it").check()
    page.get_by_label("What to come back to next week").fill("Trust your instinct\nIt can happen to anyone")
    page.get_by_role("group", name="Who would like a call").get_by_label("Grace").check()
    page.get_by_role("button", name="Close and send 5 packs").click()
    expect(page.get_by_role("heading", name="Pack", level=1)).to_be_visible()
    expect(page.get_by_text("5 of 8").first).to_be_visible()
    took = time.monotonic() - began
    assert took < 60, f"{took:.0f} seconds of pressing and waiting, with a script for a facilitator"
    check_axe(page)
    no_sideways_scroll(page)

    assert len(mail.outbox) == 5
    assert {(one.caregiver.called, one.kind) for one in FollowUp.objects.all()} == {
        ("Grace", "call"),
        ("Carol", "catch_up"),
    }
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Ben"))
    row.get_by_role("button", name="Paper pack handed over").click()
    expect(page.get_by_text("6 of 8").first).to_be_visible()
    page.get_by_role("link", name="What was written down at closing").click()
    expect(page.get_by_label("What to come back to next week")).to_have_value(
        "Trust your instinct\nIt can happen to anyone"
    )
    check_axe(page)


def test_closing_with_nobody_ticked_asks_and_loses_nothing(
    phone_page, sign_in_as, facilitator, session, check_axe, no_sideways_scroll
):
    page = phone_page
    session.marks.all().delete()
    sign_in_as(page, facilitator)
    page.goto(page_of(session))
    expect(page.get_by_text("Nobody is ticked on the register yet.")).to_be_visible()
    check_axe(page)
    page.get_by_label("What to come back to next week").fill("Trust your instinct")
    page.get_by_role("button", name="Close and send 5 packs").click()
    expect(page.get_by_role("heading", name="Nobody is ticked on the register")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Tick them (opens in a new tab)").click()
    register = opened.value
    register.get_by_role("button", name="Everyone here").click()
    expect(register.get_by_role("status")).to_contain_text("8 of 8 here")
    expect(register.get_by_text("Saved at").first).to_be_visible()
    expect(page.get_by_label("What to come back to next week")).to_have_value("Trust your instinct")
    session.marks.all().delete()
    page.get_by_role("button", name="Close without a register").first.click()
    expect(page.get_by_role("heading", name="Pack", level=1)).to_be_visible()
    assert Session.objects.get().recap_points == ["Trust your instinct"]


def test_a_lost_connection_loses_nothing_and_sends_once(phone_page, sign_in_as, facilitator, session):
    page = phone_page
    sign_in_as(page, facilitator)
    page.goto(page_of(session))
    page.get_by_label("What to come back to next week").fill("Trust your instinct")
    page.wait_for_selector(STARTED)
    page.context.set_offline(True)
    page.get_by_role("button", name="Close and send 5 packs").click()
    expect(page.get_by_text("You are not connected. Nothing is lost")).to_be_visible()
    expect(page.get_by_label("What to come back to next week")).to_have_value("Trust your instinct")
    page.context.set_offline(False)
    page.get_by_role("button", name="Close and send 5 packs").click()
    expect(page.get_by_role("heading", name="Pack", level=1)).to_be_visible()
    assert Session.objects.get().recap_points == ["Trust your instinct"] and len(mail.outbox) == 5


def test_signed_out_while_typing_loses_nothing_and_sends_once(
    phone_page, sign_in_as, facilitator, other_facilitator, session
):
    page = phone_page
    sign_in_as(page, facilitator)
    page.goto(page_of(session))
    page.get_by_label("What to come back to next week").fill("Trust your instinct")
    close = page.get_by_role("button", name="Close and send 5 packs")
    page.wait_for_selector(STARTED)
    page.context.clear_cookies()
    close.click()
    expect(page.get_by_text("You were signed out. Nothing was saved yet.")).to_be_visible()
    expect(page.get_by_label("What to come back to next week")).to_have_value("Trust your instinct")
    session.cohort.team.create(user=other_facilitator, job="facilitator")
    sign_in_as(page, other_facilitator)
    close.click()
    expect(page.get_by_text("Nothing was saved: somebody has signed in here")).to_be_visible()
    sign_in_as(page, facilitator)
    close.click()
    expect(page.get_by_role("heading", name="Pack", level=1)).to_be_visible()
    assert Session.objects.get().recap_points == ["Trust your instinct"] and len(mail.outbox) == 5


@pytest.fixture
def on_their_way(session, facilitator, settings):
    """Closed, and the worker has not begun."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    closing.close(session=session, by=facilitator)


def test_the_page_shows_by_itself_what_has_been_sent(phone_page, sign_in_as, facilitator, session, on_their_way):
    page = phone_page
    sign_in_as(page, facilitator)
    page.goto(reverse("sessions:pack", args=[session.code]))
    expect(page.get_by_text("5 e-mails are on their way.")).to_be_visible()
    for delivery in Delivery.objects.filter(way="email"):
        jobs.send_delivery.func(delivery.code)
    expect(page.get_by_text("5 of 8").first).to_be_visible()
    expect(page.get_by_text("on their way")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_what_went_wrong_stands_first_and_is_put_right_without_javascript(
    new_page, sign_in_as, facilitator, session, on_their_way, check_axe, no_sideways_scroll, width, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    emails = Delivery.objects.filter(way="email").order_by("pk")
    emails.filter(pk=emails[0].pk).update(state="failed", tries=3, problem="The mail server did not take it.")
    emails.filter(pk=emails[1].pk).update(state="unknown", tries=1, problem="The connection broke.")
    page = new_page(width=width, height=800, phone=width == 320, javascript=False)
    sign_in_as(page, facilitator)
    page.goto(reverse("sessions:pack", args=[session.code]))
    no_sideways_scroll(page)
    expect(page.get_by_role("heading", level=2).first).to_have_text("Aisha")
    page.get_by_role("button", name="Try again Aisha").click()
    page.get_by_role("button", name="Send again anyway Carol").click()
    expect(page.get_by_text("We do not know whether the first e-mail arrived")).to_be_visible()
    no_sideways_scroll(page)
    page.get_by_role("button", name="Send again").click()
    assert sorted(message.to[0].split("@")[0] for message in mail.outbox) == ["aisha", "carol"]


@pytest.mark.parametrize("name", ["close", "pack", "pack_print"])
def test_the_pages_are_accessible_and_fit_the_smallest_phone(
    new_page, sign_in_as, facilitator, session, on_their_way, check_axe, no_sideways_scroll, name
):
    Delivery.objects.filter(way="email").update(state="unknown", tries=1, problem="The connection broke.")
    page = new_page(width=320, height=640, phone=True)
    sign_in_as(page, facilitator)
    page.goto(reverse(f"sessions:{name}", args=[session.code]))
    check_axe(page)
    no_sideways_scroll(page)
    small = [
        (button.inner_text(), box)
        for button in page.locator("main button:visible").all()
        if (box := button.bounding_box())["height"] < 44
    ]
    assert not small
