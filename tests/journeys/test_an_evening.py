"""Session 2 of the demo's group, from the bus to the packs, on a facilitator's phone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from caregivers.models import FollowUp
from ppg.access.permissions import Role
from ppg.management.demo import people
from ppg.management.demo.groups import Group
from programmes.shipped.actions import load_shipped
from sessions_app.models import Delivery, Session
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(db: None) -> Group:
    """The demo's second group, a week after its first session."""
    load_shipped()
    roles = [Role.LEAD, Role.FACILITATOR, Role.PARENT, Role.MANAGER]
    team = [UserFactory(name=role.label, role=role) for role in roles]
    group = Group("Lowestoft, autumn", "Lowestoft", "Kirkley Centre", timezone.localdate() - timedelta(days=7), team, 2)
    for number, person in enumerate(people.RUNNING):
        group.refer(person, days=-38 + number)
        group.register(person, days=-28 + number)
    first = group.sessions[0]
    group.tick(first, people.RUNNING)
    group.close(first, recap=people.RECAP[1])
    mail.outbox.clear()
    return group


class Evening:
    """What the facilitator does, each in a sentence; every step is checked for accessibility and width."""

    def __init__(self, page: Page, session: Session, check_axe: Any, no_sideways_scroll: Any) -> None:
        self.page, self.session = page, session
        self.checks = (check_axe, no_sideways_scroll)

    def look(self) -> None:
        for check in self.checks:
            check(self.page)

    def go(self, link: str) -> None:
        """From the session's own page, as people do."""
        self.page.goto(self.session.get_absolute_url())
        self.page.get_by_role("link", name=link, exact=True).click()
        self.look()

    def press(self, name: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=name).first.click()
        expect(self.page.locator("[data-held]")).to_have_count(0)  # while one waits for its answer, no other is taken

    def prepares_on_the_bus(self) -> None:
        self.go("Prepare")
        page = self.page
        expect(page.get_by_text("Nuts, sesame")).to_be_visible()
        expect(page.get_by_text("What stayed with you from the parent's story?")).to_be_visible()
        expect(page.get_by_text(re.compile("Link needed|link missing|Link missing")).first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Refreshments")).click()
        expect(page.get_by_text(re.compile("^1 of "))).to_be_visible()

    def ticks_the_register(self) -> None:
        self.go("Register")
        self.press("Everyone here")
        expect(self.page.get_by_text("8 of 8").first).to_be_visible()
        row = self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name="Yusuf"))
        row.locator("summary").click()
        row.get_by_role("button", name="Not here, Yusuf").click()
        expect(self.page.get_by_text("7 of 8").first).to_be_visible()
        expect(row.get_by_text("Saved")).to_be_visible()

    def runs_it_by_the_clock(self) -> None:
        self.go("Run by the clock")
        page = self.page
        self.press("Start the session")
        titles = [item.title for item in self.session.items.filter(counted=True)]
        expect(page.get_by_role("heading", name=titles[0])).to_be_visible()
        self.look()
        self.press("5 more minutes")
        expect(page.get_by_text("15 min").first).to_be_visible()
        self.press(re.compile("^Leave out Reflect on what"))
        expect(page.get_by_text("left out").first).to_be_visible()
        for title in titles[1:]:
            if title.startswith("Reflect"):
                continue
            self.press("Done, next")
            expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        self.press("Done")
        self.press("End the session")
        expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
        self.look()

    def closes_it_and_sends_the_packs(self) -> None:
        self.go("Close")
        page = self.page
        table = page.get_by_role("table")
        for item in self.session.items.filter(counted=True):
            row = table.get_by_role("row").filter(has_text=item.title)
            expect(row).to_contain_text(str(item.minutes))  # planned, beside what it took
        expect(table).to_contain_text(re.compile("left out", re.I))
        page.get_by_label(re.compile("^What to come back to")).fill("It can happen to any family\nTrust your instinct")
        page.get_by_role("group", name=re.compile("Reflect on what")).get_by_label("Why?").fill("The film said it all")
        page.get_by_label("Tomasz").check()
        self.press("Close")
        expect(page.get_by_role("heading", name="Pack", exact=True)).to_be_visible()
        self.look()

    def hands_over_what_is_on_paper(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Paper pack handed over")).first.click()
        expect(self.page.get_by_text("Handed over").first).to_be_visible()


def test_from_prepare_to_packs_on_a_phone(group, phone_page, sign_in_as, check_axe, no_sideways_scroll):
    session = group.sessions[1]
    sign_in_as(phone_page, group.team[1])
    the_facilitator = Evening(phone_page, session, check_axe, no_sideways_scroll)
    the_facilitator.prepares_on_the_bus()
    the_facilitator.ticks_the_register()
    the_facilitator.runs_it_by_the_clock()
    the_facilitator.closes_it_and_sends_the_packs()
    the_facilitator.hands_over_what_is_on_paper()

    session.refresh_from_db()
    assert session.recap_points == ["It can happen to any family", "Trust your instinct"]
    deliveries = Delivery.objects.filter(pack__session=session)
    by_mail = deliveries.filter(way="email")
    assert deliveries.count() == 8 and {one.state for one in by_mail} == {Delivery.State.SENT}
    assert len(mail.outbox) == by_mail.count() and all(len(message.to) == 1 for message in mail.outbox)
    assert not [message for message in mail.outbox if re.search("(?i)parent|group|exploit", message.subject)]
    assert deliveries.get(catch_up=True).place.caregiver.name == "Yusuf Aydin"
    assert FollowUp.objects.filter(caregiver__code=group.people["Tomasz Nowak"][0].code, kind="call").exists()
    assert phone_page.goto(reverse("sessions:prepare", args=[group.sessions[2].code]))
    expect(phone_page.get_by_text("It can happen to any family")).to_be_visible()
