"""After the programme: the last form, what people wrote put under themes, and words that two people let stand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caregivers.consents.actions import agree, withdraw
from feedback.models import Form
from feedback.quotes import queries as quotes
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.feedback.factories import answered, closed

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_the_last_form_to_a_quote_and_its_withdrawal(
    page, new_page, sign_in_as, lead, facilitator, cohort, check_axe, no_sideways_scroll
):
    def look(at=page):
        check_axe(at)
        at.set_viewport_size({"width": 320, "height": 800})
        no_sideways_scroll(at)
        at.set_viewport_size({"width": 1280, "height": 900})

    SessionFactory(cohort=cohort, number=6, starts_at=timezone.now() - timedelta(hours=2))
    nadia = CaregiverFactory(cohort=cohort, name="Nadia Nowhere")
    PlaceFactory(cohort=cohort, caregiver=nadia)
    agree(caregiver=nadia, kind="quotes")

    sign_in_as(page, facilitator)
    page.goto(reverse("feedback:after", args=[cohort.code]))
    look()
    page.get_by_role("button", name="Open the form").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    look()
    told = {"text": "Sam Lee in Ipswich saw that I was not to blame.", "may_quote": True}
    answered(Form.objects.get(), *[{"whole": 4, "changed": [0, 2], "suggest": 9, "best": told}] * 5)
    closed(Form.objects.get())
    page.reload()
    expect(page.get_by_text("5 people answered.")).to_be_visible()
    look()

    page.get_by_role("link", name="What people wrote").click()
    expect(page.get_by_role("link", name="Put it under a theme")).to_have_count(5)
    look()
    page.get_by_role("link", name="Put it under a theme").first.click()
    page.get_by_label("A theme that is not there yet").fill("Not to blame")
    page.get_by_role("button", name="Save, and show the next").click()
    expect(page.get_by_text("4 comments without a theme")).to_be_visible()
    look()
    page.get_by_label("Not to blame").check()
    page.get_by_role("button", name="Choose it as a quote").click()
    expect(page.get_by_text("Ipswich", exact=True)).to_be_visible()
    look()
    page.get_by_label("The words as they will stand").fill("… saw that I was not to blame.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Somebody else of the team reads them")).to_be_visible()
    look()

    page.goto(reverse("feedback:focus_group_add", args=[cohort.code]))
    look()
    for part, number in zip(("Day", "Month", "Year"), ("27", "3", "2026"), strict=True):
        page.get_by_label(part, exact=True).fill(number)
    page.get_by_label("How many caregivers took part?").fill("6")
    page.get_by_label("Notes without names").fill("What Nadia said made everybody laugh.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("seem to hold names: Nadia")).to_be_visible()
    look()
    page.get_by_role("button", name="Quote somebody").click()
    page.get_by_label("The words as they will stand").fill("I laughed again.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose whose words they are")
    look()
    page.get_by_label("Nadia Nowhere").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("I laughed again.")).to_be_visible()

    second = new_page()
    sign_in_as(second, lead)
    second.goto(reverse("feedback:quotes", args=[cohort.code]))
    look(second)
    for words in ("not to blame", "I laughed"):
        second.get_by_role("link", name=words).click()
        look(second)
        second.get_by_role("button", name="sign it off").click()
        expect(second.get_by_text("Signed off. The words may stand in the report.")).to_be_visible()
    assert quotes.standing(cohort).count() == 2
    withdraw(caregiver=nadia, kind="quotes")
    second.reload()
    expect(second.get_by_text("They are not kept.")).to_be_visible()
    look(second)
    second.goto(reverse("programmes:checklist", args=[cohort.code]))
    expect(second.get_by_text("5 of 5 people answered")).to_be_visible()
    check_axe(second)
