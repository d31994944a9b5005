"""A concern, from the evening it was said to the day it is closed."""

from django.urls import reverse
from playwright.sync_api import expect

from caregivers.models import Concern
from tests.factories import CaregiverFactory, PlaceFactory


def test_a_concern_is_written_down_on_a_phone_and_closed_by_the_safeguarding_lead(
    phone_page, new_page, sign_in_as, facilitator, safeguarding, cohort, check_axe, no_sideways_scroll
):
    PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Rosa Marsh"))
    page = phone_page
    sign_in_as(page, facilitator)
    page.goto(reverse("caregivers:concern_add", args=[cohort.code]))
    expect(page.get_by_text("If somebody is in danger now, call 999.")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)
    page.get_by_label("They said it to me").check()
    page.get_by_label("Whom it is about").select_option("Rosa")
    page.get_by_label("What was said, in their words").fill("He has two phones now")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("What was said, in their words")).to_have_value("He has two phones now")
    page.get_by_role("group", name="Was somebody in danger then?").get_by_label("No").check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", name="Concern about Rosa Marsh")).to_be_visible()
    check_axe(page)
    no_sideways_scroll(page)

    desk = new_page(javascript=False)
    sign_in_as(desk, safeguarding)
    desk.goto(reverse("caregivers:concerns"))
    desk.get_by_role("link", name="Rosa Marsh").click()
    desk.get_by_role("button", name="Close this concern").click()
    desk.get_by_label("How did it end?").fill("The school has a plan with her")
    desk.get_by_role("button", name="Close it").click()
    expect(desk.get_by_text("Nothing is open here")).to_be_visible()
    assert Concern.objects.get().closed_by == safeguarding
