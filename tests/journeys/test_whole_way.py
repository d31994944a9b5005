"""The whole way of one group, from setting it up to the manager's report, as its people walk it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from feedback.models import Form
from ppg.access.permissions import Role
from ppg.models import User
from programmes.models import Cohort
from programmes.shipped.actions import load_shipped
from sessions_app.dates import bank_holidays
from tests.factories import UserFactory
from tests.feedback.factories import by_slip, drawn

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.journey]

# In the order they register; the ninth waits.
NAMES = ["Ana", "Bea", "Cara", "Dina", "Eve", "Fay", "Gus", "Hal", "Ida"]


@pytest.fixture
def staff(db: None) -> dict[str, User]:
    load_shipped()
    return {
        role: UserFactory(name=name, role=role)
        for role, name in [
            (Role.LEAD, "Lena Lead"),
            (Role.FACILITATOR, "Femi Facilitator"),
            (Role.PARENT, "Pat Parent"),
            (Role.MANAGER, "Mo Manager"),
            (Role.ADMINISTRATOR, "Ada Administrator"),
        ]
    }


def the_last_working_day(before: date) -> date:
    """A group that is set up for a bank holiday begins a week later."""
    days = [before - timedelta(days=ago) for ago in range(1, 7)]
    return next(day for day in days if not bank_holidays([day]))


class Journey:
    """The people of the journey and what they do, each in a sentence."""

    def __init__(self, new_page: Callable[..., Page], sign_in_as: Any, check_axe: Any, staff: dict[str, User]) -> None:
        self.new_page, self.check_axe = new_page, check_axe
        self.pages = {}
        for role in (Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR):
            self.pages[role] = new_page()
            sign_in_as(self.pages[role], staff[role])
        self.pages[Role.FACILITATOR] = new_page(width=390, height=844, phone=True)
        sign_in_as(self.pages[Role.FACILITATOR], staff[Role.FACILITATOR])

    def look(self, page: Page) -> None:
        """Every step is checked for accessibility."""
        self.check_axe(page)

    # --- the lead

    def the_lead_sets_up_a_cohort(self) -> None:
        page = self.pages[Role.LEAD]
        page.goto("/")
        page.get_by_role("button", name="Set up a group").first.click()
        self.look(page)
        page.get_by_label("Peer Parent Group").check()
        page.get_by_label("Area").fill("Ipswich")
        page.get_by_label(re.compile("^Name of the group")).fill("Ipswich, spring")
        page.get_by_label("At a venue").check()
        page.get_by_label("Venue", exact=True).fill("Chantry Library")
        first = the_last_working_day(before=timezone.localdate())
        page.get_by_label("Day").fill(str(first.day))
        page.get_by_label("Month").fill(str(first.month))
        page.get_by_label("Year").fill(str(first.year))
        page.get_by_label("Time it starts").fill("18:30")
        page.get_by_label("Femi Facilitator").check()
        page.get_by_label("Pat Parent").check()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Check the new group")).to_be_visible()
        self.look(page)
        page.get_by_role("button", name="Set up the group").click()
        expect(page.get_by_role("heading", name="Ipswich, spring")).to_be_visible()
        expect(page.get_by_text("0 of 8")).to_be_visible()
        self.look(page)
        self.cohort_url = page.url

    def the_lead_adds(self, name: str) -> None:
        page = self.pages[Role.LEAD]
        self.open_people()
        page.get_by_role("button", name="Add a person").first.click()
        page.get_by_label("Name", exact=True).fill(f"{name} Example")
        page.get_by_label("Youth justice caseload").check()
        day = timezone.localdate() - timedelta(days=20)
        page.get_by_label("Day").fill(str(day.day))
        page.get_by_label("Month").fill(str(day.month))
        page.get_by_label("Year").fill(str(day.year))
        page.get_by_role("button", name="Add this person").click()
        self.open_record(name)
        page.get_by_role("button", name="Record the check").click()
        page.get_by_label("Clear", exact=True).check()
        page.get_by_label("Day").fill(str(day.day))
        page.get_by_label("Month").fill(str(day.month))
        page.get_by_label("Year").fill(str(day.year))
        page.get_by_role("button", name="Save the outcome").click()

    def opens_section(self, page: Page, name: str) -> None:
        page.get_by_role("navigation", name="Ipswich, spring").get_by_role("link", name=name, exact=True).click()

    def open_people(self) -> None:
        page = self.pages[Role.LEAD]
        page.goto(self.cohort_url)
        self.opens_section(page, "People")
        page.get_by_role("link", name="All people of the group").click()

    def open_record(self, name: str) -> None:
        page = self.pages[Role.LEAD]
        self.open_people()
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def the_lead_sends_a_link_to(self, name: str) -> str:
        page = self.pages[Role.LEAD]
        self.open_record(name)
        page.get_by_role("button", name="Read out the link to register").click()
        return page.get_by_label("Address").input_value()

    def the_lead_registers_on_the_phone(self, name: str) -> None:
        page = self.pages[Role.LEAD]
        self.open_record(name)
        page.get_by_role("button", name="Register them on the phone").click()
        page.get_by_label("Spoken, on the phone or face to face").check()
        page.get_by_label(re.compile("use my answers|evaluation", re.I)).first.check()
        for name in ("Continue", "Continue", "Check your answers", "Register this person"):
            page.get_by_role("button", name=name).click()
        page.wait_for_url(re.compile("/people/person/"))

    # --- caregivers

    def registers_by_link(self, name: str, link: str) -> None:
        """On a phone of their own, 390 px wide."""
        page = self.new_page(width=390, height=844, phone=True)
        page.goto(link)
        self.look(page)
        assert "group" not in page.title().lower()
        page.get_by_label("Your name").fill(f"{name} Example")
        page.get_by_label("Text message").check()
        page.locator("input[name=agree_evaluation]").check()
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("On paper").check()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Check your answers").click()
        # The phone number is missing: what was typed is still there.
        expect(page.get_by_text("Enter a phone number").first).to_be_visible()
        expect(page.get_by_label("Your name")).to_have_value(f"{name} Example")
        page.get_by_label("Phone number").first.fill("07700 900123")
        page.get_by_role("button", name="Check your answers").click()
        self.look(page)
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        self.look(page)
        page.context.close()

    def gives_feedback(self, address: str, number: int) -> None:
        """Some by their slip’s own square, some at the link, where they type its code."""
        page = self.new_page(width=320, height=640, phone=True, javascript=number % 2 == 0)
        form = Form.objects.get(session__isnull=False)
        slip, by_its_square = drawn(form), by_slip(form)
        page.goto(address if number % 2 == 0 else by_its_square)
        if number % 2 == 0:
            page.get_by_label("The code on your slip").fill(slip)
        if number == 0:
            self.look(page)
        page.get_by_label("Very good").check()
        page.get_by_label("About right").check()
        page.get_by_label(re.compile("What should we do differently")).fill(f"Comment {number}")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.context.close()

    # --- the facilitator

    def the_facilitator_ticks_the_register(self) -> None:
        page = self.pages[Role.FACILITATOR]
        page.goto(self.cohort_url)
        self.opens_section(page, "Sessions")
        page.get_by_role("link", name="Not taken at 1. Welcome and working together").click()
        self.look(page)
        page.get_by_role("button", name="Everyone here").click()
        expect(page.get_by_text("8 of 8").first).to_be_visible()
        self.look(page)

    def the_facilitator_opens_the_form(self) -> str:
        page = self.pages[Role.FACILITATOR]
        page.goto(self.cohort_url)
        self.opens_section(page, "Sessions")
        page.get_by_role("link", name="Not opened feedback on 1. Welcome and working together").click()
        page.get_by_role("button", name="Open the form").click()
        self.look(page)
        self.feedback_url = page.url
        return page.get_by_role("link").filter(has_text="/f/").get_attribute("href") or ""

    def nobody_sees_how_many_answered(self) -> None:
        page = self.pages[Role.FACILITATOR]
        page.goto(self.feedback_url)
        expect(page.get_by_text("Comment")).to_have_count(0)
        expect(page.get_by_text("people answered")).to_have_count(0)

    def the_administrator_prints_the_slips(self) -> None:
        page = self.pages[Role.ADMINISTRATOR]
        page.goto("/")
        page.get_by_role("link", name="Slips", exact=True).click()
        self.look(page)
        with page.expect_download() as sheet:
            page.get_by_role("button", name="Print the slips").first.click()
        assert len(pikepdf.open(io.BytesIO(sheet.value.path().read_bytes())).pages) == 2

    def the_facilitator_asks_and_the_lead_closes_the_form(self) -> None:
        page, lead = self.pages[Role.FACILITATOR], self.pages[Role.LEAD]
        page.goto(self.feedback_url)
        page.get_by_text("Close the form before its time").click()
        page.get_by_role("button", name="Ask to close the form").click()
        lead.goto(self.feedback_url)
        lead.get_by_role("link", name="Close it as the second person").click()
        lead.get_by_label("I was not in the room").check()
        lead.get_by_role("button", name="Close the form now").click()
        expect(lead.get_by_text("two of the team count the slips")).to_be_visible()

    def both_count_the_slips(self) -> None:
        """Eight people drew one of ten, and five of them answered."""
        for role in (Role.LEAD, Role.FACILITATOR):
            page = self.pages[role]
            page.goto(self.feedback_url)
            page.get_by_role("button", name="Count the slips").click()
            page.get_by_label("How many slips are left over?").fill("2")
            page.get_by_label("How many people were in the room?").fill("8")
            page.get_by_role("button", name="Save what I counted").click()
            self.look(page)
        page = self.pages[Role.FACILITATOR]
        page.goto(self.feedback_url)
        expect(page.get_by_text("5 of 10 slips used, 2 made void.")).to_be_visible()
        expect(page.get_by_text("5 people answered.")).to_be_visible()
        for number in range(5):
            expect(page.get_by_text(f"Comment {number}")).to_be_visible()
        self.look(page)

    # --- before and after

    def everybody_answers(self, point: str, word: str) -> None:
        """Five on a phone by their own link; the answers show only once the round has closed."""
        page = self.pages[Role.FACILITATOR]
        page.goto(self.cohort_url)
        self.opens_section(page, "Evaluation")
        page.get_by_role("link", name="Before and after").click()
        page.get_by_role("button", name=f"Open the questions {point}").click()
        self.look(page)
        waves = page.url
        for name in NAMES[:5]:
            page.goto(waves)
            page.get_by_role("button", name=f"Show a link {name}").click()
            self.answers_by_link(page.get_by_role("link").filter(has_text="/m/").get_attribute("href") or "", word)
        page.goto(waves)
        page.get_by_text("Close the questions").last.click()
        page.get_by_role("button", name="Close them now").click()
        expect(page.get_by_role("button", name="Close them now")).to_have_count(0)

    def answers_by_link(self, link: str, word: str) -> None:
        page = self.new_page(width=390, height=844, phone=True)
        page.goto(link)
        for radio in page.get_by_label(word, exact=True).all():
            radio.check()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        page.context.close()

    # --- the report

    def the_lead_writes_and_publishes(self) -> None:
        page = self.pages[Role.LEAD]
        page.goto(self.cohort_url)
        self.opens_section(page, "Evaluation")
        page.get_by_role("link", name="Report", exact=True).click()
        for box in ("In short", "What we learned", "Learning for professionals", "Recommendations"):
            page.get_by_label(box).fill(f"{box}: they came back every week.")
        self.look(page)
        page.get_by_role("button", name="Save, then check and publish").click()
        self.look(page)
        page.get_by_role("button", name="Publish version 1").click()
        expect(page.get_by_role("heading", name="Evaluation report")).to_be_visible()
        self.look(page)

    def the_manager_downloads(self) -> pikepdf.Pdf:
        """In two clicks from the home page."""
        page = self.pages[Role.MANAGER]
        page.goto("/")
        self.look(page)
        page.get_by_role("link", name="Report, version 1").click()
        expect(page.get_by_text("5 of 5").first).to_be_visible()
        self.look(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the PDF for the team").click()
        return pikepdf.open(io.BytesIO(download.value.path().read_bytes()))


def test_from_setting_up_to_the_report(new_page, sign_in_as, check_axe, staff):
    they = Journey(new_page, sign_in_as, check_axe, staff)
    they.the_lead_sets_up_a_cohort()
    for name in NAMES:
        they.the_lead_adds(name)
    for number, name in enumerate(NAMES):
        if number % 3 == 0:
            they.registers_by_link(name, they.the_lead_sends_a_link_to(name))
        else:
            they.the_lead_registers_on_the_phone(name)

    cohort = Cohort.objects.get(name="Ipswich, spring")
    assert cohort.place_set.in_group().count() == 8
    assert [place.caregiver.called for place in cohort.place_set.waiting()] == ["Ida"]

    they.the_facilitator_ticks_the_register()
    address = they.the_facilitator_opens_the_form()
    they.the_administrator_prints_the_slips()
    for number in range(5):
        they.gives_feedback(address, number)
    they.nobody_sees_how_many_answered()
    they.the_facilitator_asks_and_the_lead_closes_the_form()
    they.both_count_the_slips()

    they.everybody_answers("Before the programme", "A little true")
    they.everybody_answers("After the programme", "Mostly true")
    they.the_lead_writes_and_publishes()
    pdf = they.the_manager_downloads()
    assert len(pdf.pages) >= 4
    assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
    assert str(pdf.Root.Lang).startswith("en")
    assert "Ipswich, spring" in str(pdf.docinfo["/Title"])
