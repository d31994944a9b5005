"""A group finds its time: proposed, the links sent, answered on an old phone and by telephone, set by one press."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.dates import local_start
from tests.factories import CaregiverFactory, SessionFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]


@pytest.fixture
def people(cohort):
    """Ann can be e-mailed; Bea can only be rung."""
    told = {"cohort": cohort, "registered_at": timezone.now(), "registered_how": "online"}
    SessionFactory(cohort=cohort, number=1, starts_at=local_start(date(2031, 3, 3), time(18)))
    ann = CaregiverFactory(name="Ann Amber", safe_ways=["email"], email="ann@families.example", **told)
    return ann, CaregiverFactory(name="Bea Blue", safe_ways=["call"], safe_when="before noon", **told)


def test_a_group_finds_its_time(people, cohort, lead, page: Page, new_page, sign_in_as, check_axe, no_sideways_scroll):
    sign_in_as(page, lead)
    page.goto(reverse("caregivers:times", args=[cohort.code]))
    page.get_by_label("Tuesday").check()
    page.get_by_label("Thursday").check()
    page.get_by_label("Time it starts").fill("6pm")
    page.get_by_role("button", name="Add these times").click()
    expect(page.get_by_text("2 times are added.")).to_be_visible()

    page.get_by_role("button", name="Send everybody their link").click()
    page.get_by_role("button", name="See who gets it").click()
    expect(page.get_by_text("before noon")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("1 of 1")).to_be_visible()
    check_axe(page)

    [sent] = mail.outbox
    assert sent.subject == "Days and times"
    phone = new_page(width=320, phone=True, javascript=False)
    phone.goto(re.search(r"/r/times/\S+", sent.body)[0])
    no_sideways_scroll(phone)
    phone.get_by_role("group", name="Tuesday at 6pm").get_by_label("No").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator(".govuk-error-summary")).to_contain_text("Say whether you can come on Thursday at 6pm")
    phone.get_by_role("group", name="Thursday at 6pm").get_by_label("Yes").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Thank you. We have your answer.")).to_be_visible()

    page.goto(reverse("caregivers:times", args=[cohort.code]))
    page.get_by_role("link", name="Write down their answer Bea").click()
    check_axe(page)
    page.get_by_role("group", name="Thursday at 6pm").get_by_label("If need be").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("1 of 2 can; 1 if need be: Bea")).to_be_visible()
    check_axe(page)

    page.get_by_role("button", name="Set the group's time Thursday at 6pm").click()
    expect(page.get_by_role("cell", name="Thursday 6 March 2031, 6pm")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Set this time").click()
    expect(page.get_by_role("heading", name="The group meets on Thursday at 6pm.").or_(
        page.get_by_text("The group meets on Thursday at 6pm.")
    ).first).to_be_visible()  # fmt: skip
    assert timezone.localtime(cohort.sessions.get().starts_at).date() == date(2031, 3, 6)
    phone.reload()
    expect(phone.get_by_text("The time has been chosen.")).to_be_visible()
