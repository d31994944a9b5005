"""Before and after, figures and the report, as their people meet them in a browser."""

from __future__ import annotations

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Report
from evaluation.rounds import actions
from evaluation.rounds.reminding import answered
from tests.evaluation.conftest import agree
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


def picture(page, name: str) -> None:
    """With PICTURES=folder each page is kept as a picture, to look at."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_caregiver_answers_on_an_old_phone_without_scripts(new_page, no_sideways_scroll, waves, places):
    phone = new_page(width=320, phone=True, javascript=False)
    phone.goto(reverse("measure_answer", args=[actions.make_link(wave=waves[0], place=places[0], by=None)]))
    expect(phone).to_have_title(re.compile("A few questions"))
    no_sideways_scroll(phone)
    picture(phone, "answer-320")
    phone.get_by_role("group", name="I trust the services that work with us to help").get_by_label(
        "Mostly true"
    ).check()
    phone.get_by_role("group", name=re.compile("one thing you want to change")).get_by_label("7", exact=True).check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    # The link itself has done its work: whoever opens it now learns nothing, and who used it need not worry.
    phone.go_back()
    phone.reload()
    expect(phone.get_by_role("heading", name="This link does not work")).to_be_visible()
    expect(phone.get_by_text("were thanked, we have it")).to_be_visible()
    assert answered(waves[0]) == {places[0].pk}


def test_the_pages_for_caregivers_and_team_are_accessible(
    new_page, sign_in_as, check_axe, no_sideways_scroll, lead, answered, places, cohort, other_cohort
):
    phone = new_page(width=320, phone=True)
    wave, place = actions.open_wave(cohort=other_cohort, point="before", by=None), PlaceFactory(cohort=other_cohort)
    agree(place)
    phone.goto(reverse("measure_answer", args=[actions.make_link(wave=wave, place=place, by=None)]))
    check_axe(phone)
    desk = new_page()
    for page, size in ((desk, "desk"), (new_page(width=320), "320")):
        sign_in_as(page, lead)
        for name in ("waves", "figures", "report"):
            page.goto(reverse(f"evaluation:{name}", args=[cohort.code]))
            no_sideways_scroll(page)
            check_axe(page)
            picture(page, f"{name}-{size}")


def test_the_lead_writes_and_publishes_and_the_manager_downloads(
    new_page, sign_in_as, check_axe, lead, manager, answered, cohort
):
    desk = new_page()
    sign_in_as(desk, lead)
    desk.goto(reverse("evaluation:report", args=[cohort.code]))
    desk.get_by_label("What we learned").fill("People felt believed.")
    expect(desk.get_by_text(re.compile(r"Saved \d\d:\d\d:\d\d"))).to_be_visible()
    assert Report.objects.get().text["learned"] == "People felt believed.", "saved by itself"
    desk.get_by_role("button", name="Save, then check and publish").click()
    expect(desk.get_by_role("heading", name="There is a problem")).to_be_visible()
    check_axe(desk)
    expect(desk.get_by_label("What we learned")).to_have_value("People felt believed.")
    for label in ("In short", "Learning for professionals", "Recommendations"):
        desk.get_by_label(label).fill("- Ring first\n- Then write")
    desk.get_by_role("button", name="Save, then check and publish").click()
    expect(desk.get_by_role("heading", name="Check before you publish version 1")).to_be_visible()
    check_axe(desk)
    desk.get_by_role("button", name="Publish version 1").click()
    expect(desk.get_by_role("heading", name="Evaluation report")).to_be_visible()
    check_axe(desk)
    picture(desk, "version-desk")

    office = new_page()
    sign_in_as(office, manager)
    office.goto(reverse("home"))
    office.get_by_role("link", name=re.compile("Report, version 1")).click()
    with office.expect_download() as download:
        office.get_by_role("button", name=re.compile("Download the PDF.*team")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
