"""The parent's own page: their part with its times, whom to tell, their support, and what the group asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.models import Suggestion
from ppg.models import AuditEntry
from ppg.service_details import actions as details
from ppg.service_details import service
from programmes.due.queries import due
from programmes.models import SupportRequest, TeamMember, TeamSupport
from programmes.support import actions as support
from programmes.team import actions as team
from tests.due import kinds
from tests.factories import CohortFactory, SessionFactory, SessionItemFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "feedback:your_part"


@pytest.fixture
def words(browser_of, parent):
    """The page as they read it, on one line."""
    return lambda: " ".join(browser_of(parent).get(reverse(PAGE)).text.split())


@pytest.fixture
def session(cohort):
    """In two days, at half past six in the evening."""
    starts = (timezone.localtime() + timedelta(days=2)).replace(hour=18, minute=30, second=0, microsecond=0)
    return SessionFactory(cohort=cohort, title="Setting limits", starts_at=starts, minutes=120)


def item(session, title, minutes, lead, position, **fields):
    return SessionItemFactory(session=session, title=title, minutes=minutes, lead=lead, position=position, **fields)


def test_their_part_stands_at_its_times(session, words):
    item(session, "Welcome", 15, "facilitator", 1)
    item(session, "A story from a parent", 20, "parent", 2)
    item(session, "A talk by a nurse", 35, "guest", 3)
    item(session, "Over to you", 10, "parent", 4)
    page = words()
    assert page.index("6:45pm") < page.index("A story from a parent") < page.index("7:40pm") < page.index("Over to you")
    assert "20 minutes" in page and "6:30pm to 8:30pm" in page
    assert "Welcome" not in page and "nurse" not in page
    assert session.get_absolute_url() in page


def test_what_is_left_out_is_not_theirs(session, words):
    item(session, "A story from a parent", 20, "parent", 1, left_out=True)
    page = words()
    assert "A story from a parent" not in page and "No part of this session is planned for you to lead." in page


def test_where_they_lead_nothing_the_page_says_when_they_do(cohort, session, words):
    assert "You next lead in:" not in words()
    left_out, led = (
        SessionFactory(cohort=cohort, title=title, starts_at=session.starts_at + timedelta(weeks=weeks))
        for title, weeks in (("Left out here", 1), ("Two weeks on", 2))
    )
    item(left_out, "A story", 20, "parent", 1, left_out=True)
    item(led, "A story", 20, "parent", 1)
    page = words()
    assert "You next lead in:" in page and led.get_absolute_url() in page and "Left out here" not in page


def test_home_and_menu_lead_there(session, browser_of, parent, facilitator):
    address = f'href="{reverse(PAGE)}"'
    assert browser_of(parent).get(reverse("home")).text.count(address) == 2
    assert address not in browser_of(facilitator).get(reverse("home")).text
    assert browser_of(facilitator).get(reverse(PAGE)).status_code == 403


def test_whom_to_tell_begins_with_999(session, words, administrator, safeguarding, lead):
    details.change(by=administrator, safeguarding_phone="01632 960 200", out_of_hours_phone="01632 960 300")
    page = words()
    numbers = ['href="tel:999"', "Femi Facilitator", 'href="tel:+441632960300"', safeguarding.name]
    places = [page.index(one) for one in [*numbers, 'href="tel:+441632960200"']]
    assert places == sorted(places)
    assert page.index("Femi Facilitator") < page.index(lead.name)


def test_a_number_that_is_missing_is_said(session, words, administrator):
    assert words().count("No number is entered. Ask your lead for it before the session.") == 2
    details.change(by=administrator, phone="01632 960 100")
    service.forget()  # as when it has been committed
    page = words()
    assert page.count("No number is entered.") == 1 and "Call the service and ask for them:" in page


def test_support_is_asked_for_in_one_press_and_the_manager_sees_that(
    cohort, browser_of, parent, manager, lead, words, now
):
    ask = reverse("feedback:support_ask")
    assert "You can ask." in words()
    for _ in range(2):
        assert browser_of(parent).post(ask)["Location"] == reverse(PAGE)
    assert SupportRequest.objects.get().member == cohort.team.get(user=parent)
    assert "Your lead and the managers see it." in words() and ask not in words()
    for user in (manager, lead):
        page = " ".join(browser_of(user).get(reverse("programmes:support", args=[cohort.code])).text.split())
        assert "Pat Parent asked for support on" in page
        assert "support_requests" in kinds(user, now, cohort)
    entry = AuditEntry.objects.get(what="supportrequest")
    assert (entry.user, entry.cohort, entry.fields) == (parent, cohort.code, [])


def test_the_lead_of_the_next_session_sees_the_request(cohort, session, browser_of, parent):
    newer = CohortFactory(team=[parent])
    assert newer.team.get().job == "parent"
    browser_of(parent).post(reverse("feedback:support_ask"))
    assert SupportRequest.objects.get().member.cohort == cohort


def test_nothing_but_the_day_can_be_kept():
    assert {one.name for one in SupportRequest._meta.get_fields()} == {"id", "code", "member", "asked_on", "met_by"}


def test_an_offer_answers_it_and_one_recorded_by_mistake_does_not(cohort, parent, lead, manager, now, words):
    support.ask(by=parent)
    member = cohort.team.get(user=parent)
    given = support.record(member=member, kind="reflective", offered_on=timezone.localdate(now), by=lead)
    assert "support_requests" not in kinds(manager, now) and "Not held yet" in words()
    support.remove(support=given, by=lead)
    assert "support_requests" in kinds(manager, now)


def test_it_is_late_after_two_days(cohort, parent, manager, now):
    support.ask(by=parent)
    later = now + timedelta(days=3)
    assert not [one for one in due(manager, now).tasks if one.overdue]
    assert [one.detail for one in due(manager, later).tasks if one.overdue] == ["Pat Parent"]


def test_who_needs_it_no_more_takes_the_request_back(cohort, browser_of, parent, manager, now, words):
    support.ask(by=parent)
    assert browser_of(parent).post(reverse("feedback:support_withdraw"))["Location"] == reverse(PAGE)
    assert not SupportRequest.objects.exists() and "support_requests" not in kinds(manager, now)
    browser_of(parent).post(reverse("feedback:support_withdraw"))
    assert reverse("feedback:support_ask") in words()


def test_nobody_asks_for_somebody_else(cohort, browser_of, lead, facilitator, manager):
    for user in (lead, facilitator, manager):
        for name in ("support_ask", "support_withdraw"):
            assert browser_of(user).post(reverse(f"feedback:{name}")).status_code == 403
    assert not SupportRequest.objects.exists()


def test_who_has_left_the_team_may_still_ask(cohort, browser_of, parent, lead, session, words):
    team.leave(cohort=cohort, user=parent, by=lead)
    page = words()
    assert cohort.name not in page and "Setting limits" not in page and "No session is coming up" in page
    browser_of(parent).post(reverse("feedback:support_ask"))
    assert SupportRequest.objects.get().member.user == parent


def test_who_was_never_in_a_team_is_told_so(browser_of):
    new = UserFactory(role="parent")
    answer = browser_of(new).post(reverse("feedback:support_ask"))
    assert answer.status_code == 409 and "You are not in the team of a group yet." in answer.text


def test_only_their_own_support_is_shown(cohort, parent, facilitator, lead, words, now):
    today = timezone.localdate(now)
    other = TeamMember.objects.create(cohort=cohort, user=UserFactory(role="parent"), job="parent")
    for member in (other, cohort.team.get(user=facilitator)):
        support.record(member=member, kind="reflective", offered_on=today, held_on=today, by=lead)
    assert "Reflective session" not in words()
    support.record(member=cohort.team.get(user=parent), kind="clinical", offered_on=today, not_wanted=True, by=lead)
    page = words()
    assert "Clinical session before the programme" in page and "Not wanted" in page
    assert TeamSupport.objects.of(parent).count() == 1


def test_what_the_group_asked_for_is_what_its_page_shows(cohort, session, other_cohort, words):
    """Neither the words in which it came, nor what waits for an answer, nor an answer that is not shown."""
    made = {"cohort": cohort, "recap": session, "way": "spoken"}
    answered = {"answer": "did", "answered_on": timezone.localdate()}
    Suggestion.objects.create(text="I cannot park", told_as="Parking", why="A space is kept", **answered, **made)
    Suggestion.objects.create(text="Owed one", **made)
    Suggestion.objects.create(text="Kept back", why="Only told them", **answered, **made)
    Suggestion.objects.create(**{**made, "cohort": other_cohort}, text="x", told_as="Elsewhere", why="No", **answered)
    page = words()
    assert "Parking" in page and "We did it" in page and "A space is kept" in page
    assert [one for one in ("cannot park", "Owed one", "Kept back", "Only told", "Elsewhere") if one in page] == []
