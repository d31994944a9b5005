"""Session 2 of the demo's group, from the bus to the packs, on a facilitator's phone."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from caregivers.models import FollowUp
from ppg.access.permissions import Role
from ppg.management.demo import people
from ppg.management.demo.groups import Group
from programmes.shipped.actions import load_shipped
from sessions_app.models import Delivery, Session, SessionItem
from tests.factories import UserFactory
from tests.journeys.engines import STARTED

# Whether all of it can be seen and pressed without scrolling.
IN_SIGHT = """(element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return scrollY === 0 && top >= 0 && bottom <= innerHeight && element.contains(there);
}"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(db: None) -> Group:
    """The demo's second group, a week after its first session."""
    load_shipped()
    roles = [Role.LEAD, Role.FACILITATOR, Role.PARENT, Role.MANAGER]
    team = [UserFactory(name=role.label, role=role) for role in roles]
    days = [timezone.localdate() + timedelta(weeks=week) for week in range(-1, 5)]
    group = Group("Lowestoft, autumn", "Lowestoft", "Kirkley Centre", days, team, 2)
    for number, person in enumerate(people.RUNNING):
        group.refer(person, days=-38 + number)
        group.register(person, days=-28 + number)
    first = group.sessions[0]
    group.tick(first, people.RUNNING)
    group.close(first, recap=people.RECAP[1])
    mail.outbox.clear()
    return group


# Where something that is needed may lie below the first screen: eight rows of a register, what was changed and why and
# whom to call before a session is closed, and packs, which are given name by name.
LONG = re.compile("/(close|pack)/")


class Evening:
    """What the facilitator does, each in a sentence; every step is checked for accessibility and width, and each press
    is counted. What is pressed stands in the first screen: the page is not scrolled for it."""

    def __init__(self, page: Page, session: Session, check_axe: Any, no_sideways_scroll: Any) -> None:
        self.page, self.session, self.presses = page, session, 0
        self.checks = (check_axe, no_sideways_scroll)

    def look(self) -> None:
        for check in self.checks:
            check(self.page)

    def opens_the_session(self) -> None:
        self.page.goto(self.session.get_absolute_url())

    def tap(self, what: Locator) -> None:
        what.wait_for()
        if not LONG.search(self.page.url):
            assert what.evaluate(IN_SIGHT), f"{what} is not in the first screen of {self.page.url}"
        what.click()
        self.presses += 1

    def press(self, name: str | re.Pattern[str]) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=True).first)
        expect(self.page.locator("[data-held]")).to_have_count(0)  # while one waits for its answer, no other is taken

    def follow(self, link: str) -> None:
        self.tap(self.page.get_by_role("link", name=link, exact=True).first)
        self.page.wait_for_selector(STARTED)
        self.look()

    def goes_back(self) -> None:
        self.tap(self.page.get_by_role("navigation", name="Back").get_by_role("link"))

    def prepares_on_the_bus(self) -> None:
        self.opens_the_session()
        self.follow("Prepare")
        page = self.page
        expect(page.get_by_text("Nuts, sesame")).to_be_visible()
        expect(page.get_by_text("What stayed with you from the parent's story?")).to_be_visible()
        expect(page.get_by_text(re.compile("Link needed|link missing|Link missing")).first).to_be_visible()
        page.get_by_role("button", name=re.compile("^Refreshments")).click()
        expect(page.get_by_text(re.compile("^1 of "))).to_be_visible()

    def ticks_the_register(self) -> None:
        self.follow("Register")
        self.press("Everyone here")
        expect(self.page.get_by_text("8 of 8").first).to_be_visible()
        row = self.page.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name="Yusuf"))
        row.locator("summary").click()
        row.get_by_role("button", name="Not here, Yusuf").click()
        self.presses += 2
        expect(self.page.get_by_text("7 of 8").first).to_be_visible()
        expect(row.get_by_text("Saved")).to_be_visible()
        self.goes_back()

    def runs_it_by_the_clock(self) -> None:
        self.follow("Run the session")
        page = self.page
        self.press("Start the session")
        items = list(self.session.items.filter(counted=True))
        titles = [item.title for item in items]
        expect(page.get_by_role("heading", name=titles[0], level=1)).to_be_visible()
        self.look()
        self.overruns(items[0])
        self.press("+5 minutes")
        expect(page.locator("[data-level]")).not_to_have_text("Over time")
        skipped = next(title for title in titles if title.startswith("Reflect"))
        for before, title in pairwise([one for one in titles if one != skipped]):
            self.a_moment_later()
            if titles.index(skipped) == titles.index(before) + 1:
                self.tap(page.locator("summary", has_text="More"))
                self.press(f"Skip “{skipped}”")
                expect(page.get_by_role("listitem").filter(has_text=skipped).first).to_contain_text("skipped")
                self.a_moment_later()
            self.press("Done")
            expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        self.a_moment_later()
        self.press("Done")
        expect(page.get_by_role("heading", name="Everything is done")).to_be_visible()
        self.press("End the session")
        self.press("Yes")
        expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
        self.look()

    def overruns(self, item: SessionItem) -> None:
        """People talk; somebody takes the phone up again when it is over."""
        self.session.steps.update(at=timezone.now() - timedelta(minutes=item.minutes + 2))
        self.page.reload()
        self.page.wait_for_selector(STARTED)
        expect(self.page.locator("[data-level]")).to_have_text("Over time")

    def a_moment_later(self) -> None:
        """Nobody is asked whether a press was meant that comes minutes after the last."""
        self.page.clock.fast_forward(2500)

    def shows_the_code_and_closes(self) -> None:
        page = self.page
        self.press("Show the feedback code")
        code = page.get_by_role("img", name="QR code that opens the form")
        assert code.evaluate(IN_SIGHT)
        self.goes_back_from_the_code()
        tasks = page.get_by_role("list", name="Before you go home").get_by_role("listitem")
        expect(tasks).to_contain_text(["Open", "7 of 8 here", "7 to record", "Close the session", "After closing"])
        self.follow("Close the session")
        table = page.get_by_role("table")
        for item in self.session.items.filter(counted=True):
            row = table.get_by_role("row").filter(has_text=item.title)
            expect(row).to_contain_text(str(item.minutes))  # planned, beside what it took
        expect(table).to_contain_text(re.compile("left out", re.I))
        page.get_by_label(re.compile("^What to come back to")).fill("It can happen to any family\nTrust your instinct")
        page.get_by_role("group", name=re.compile("Reflect on what")).get_by_label("Why?").fill("The film said it all")
        self.tap(page.get_by_label("Tomasz"))
        self.press(re.compile("^Close"))
        expect(page.get_by_role("heading", name=re.compile("^Packs?$"), level=1)).to_be_visible()
        self.look()

    def goes_back_from_the_code(self) -> None:
        self.tap(self.page.get_by_role("link", name="Back", exact=True))
        self.page.wait_for_selector(STARTED)

    def hands_over_what_is_on_paper(self) -> None:
        handed = re.compile("^(Paper pack handed over|Given by hand)")
        self.tap(self.page.get_by_role("button", name=handed).first)
        expect(self.page.get_by_text(re.compile("^(Handed over|Given by hand),")).first).to_be_visible()


def test_from_prepare_to_packs_on_a_phone(group, phone_page, sign_in_as, check_axe, no_sideways_scroll):
    session = group.sessions[1]
    sign_in_as(phone_page, group.team[1])
    the_facilitator = Evening(phone_page, session, check_axe, no_sideways_scroll)
    the_facilitator.prepares_on_the_bus()
    phone_page.clock.install(time=timezone.now())
    the_facilitator.opens_the_session()
    the_facilitator.presses = 0
    the_facilitator.ticks_the_register()
    the_facilitator.runs_it_by_the_clock()
    the_facilitator.shows_the_code_and_closes()
    the_facilitator.hands_over_what_is_on_paper()
    assert the_facilitator.presses < 30, f"{the_facilitator.presses} presses"

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
