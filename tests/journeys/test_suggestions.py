"""Somebody puts an idea into the box; the team answers it, and the group reads the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from feedback.models import Suggestion
from feedback.suggestions import jobs as suggestion_jobs
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_you_said_we_did(new_page, sign_in_as, check_axe, no_sideways_scroll, cohort, facilitator):
    session = SessionFactory(cohort=cohort, number=3, starts_at=timezone.now() + timedelta(days=3))
    desk, phone = new_page(), new_page(width=320, height=640, phone=True, javascript=False)
    sign_in_as(desk, facilitator)
    desk.goto(reverse("feedback:suggestions", args=[cohort.code]))
    check_axe(desk)
    desk.get_by_role("button", name="Open the box").click()
    address = desk.get_by_role("link", name="/f/box/").inner_text()
    check_axe(desk)

    phone.goto(address)
    expect(phone).to_have_title("Tell us what would help – Common Ground")
    no_sideways_scroll(phone)
    phone.get_by_role("button", name="Send").click()  # nothing yet
    expect(phone.get_by_role("alert")).to_contain_text("Write something before you send")
    phone.get_by_label("What should we do").fill("Could somebody’s sister come along?")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
    no_sideways_scroll(phone)

    desk.reload()
    expect(desk.get_by_text("Nothing waits for an answer")).to_be_visible()
    tomorrow = timezone.localtime() + timedelta(days=1)
    suggestion_jobs.empty_due_boxes(tomorrow.replace(hour=6))
    desk.goto(reverse("sessions:prepare", args=[session.code]))
    desk.get_by_role("link", name="1 suggestion is owed an answer").click()
    desk.get_by_role("link", name="Answer it").click()
    check_axe(desk)
    desk.get_by_label("We will do it").check()
    desk.get_by_label("What you did, what you will do").fill("From next week, if everybody agrees.")
    desk.get_by_label("Yes").check()
    desk.get_by_label("How the group reads it").fill("Bring somebody along")
    desk.get_by_role("button", name="Save the answer").click()
    expect(desk.get_by_text("Nothing waits for an answer")).to_be_visible()
    assert Suggestion.objects.get().recap == session

    phone.goto(address)
    expect(phone.get_by_text("Bring somebody along")).to_be_visible()
    expect(phone.get_by_text("We will do it. From next week")).to_be_visible()
    no_sideways_scroll(phone)
    reader = new_page(width=390, phone=True)
    reader.goto(address)
    check_axe(reader)
