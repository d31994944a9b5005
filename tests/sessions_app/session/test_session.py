"""A session's plan on the screen and on paper."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.urls import reverse

from programmes.models import TeamMember
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.setting_up.actions import set_up
from tests.factories import PlaceFactory, SessionItemFactory, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["sessions:session", "sessions:print"]


@pytest.fixture
def group(lead, facilitator, parent):
    return set_up(
        programme=load_shipped()[0],
        name="Ipswich, October 2026",
        area="Ipswich",
        venue="Chantry Library",
        days=weekly(date(2026, 10, 13), 6),
        at=time(18),
        places=8,
        by=lead,
        team=[facilitator, parent],
    )


def text(client, session, name="sessions:session") -> str:
    answer = client.get(reverse(name, args=[session.code]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("name", PAGES)
def test_the_agenda_stands_at_its_times_of_day(browser_of, facilitator, group, name):
    page = text(browser_of(facilitator), group.sessions.get(number=1), name)
    for time_of_day in ["5:30pm–6pm", "6pm–6:10pm", "6:40pm–6:50pm", "7:05pm–7:20pm", "7:20pm–7:30pm", "7:30pm–7:45pm"]:
        assert time_of_day in page, time_of_day
    assert page.index("5:30pm–6pm") < page.index("6pm–6:10pm") < page.index("7:30pm–7:45pm")
    assert "Tuesday 13 October 2026" in page and "Chantry Library" in page


@pytest.mark.parametrize("name", PAGES)
def test_times_are_the_same_after_the_clocks_went_back(browser_of, facilitator, group, name):
    page = text(browser_of(facilitator), group.sessions.get(number=3), name)
    assert "Tuesday 27 October 2026" in page and "6pm–6:10pm" in page


def test_minutes_that_nothing_fills_are_told_at_their_time(browser_of, facilitator, group):
    client = browser_of(facilitator)
    third = text(client, group.sessions.get(number=3))
    assert "80 of 90 minutes, 10 unplanned" in third
    assert "10 minutes unplanned" in third and "7:20pm–7:30pm" in third
    assert "5 minutes unplanned" in text(client, group.sessions.get(number=4))
    assert "unplanned" not in text(client, group.sessions.get(number=5))
    assert "10 minutes unplanned" in text(client, group.sessions.get(number=3), "sessions:print")


@pytest.mark.parametrize("name", PAGES)
def test_all_that_is_needed_for_the_evening(browser_of, facilitator, group, name):
    page = text(browser_of(facilitator), group.sessions.get(number=1), name)
    for sentence in [
        "5 Big Questions for Parents/Caregivers",
        "start at 2:20",
        "What does the group make of each of the five questions?",
        "Flipchart paper and pens",
        "Where to go for support",
        "Everyone knows this is a six-week programme",
    ]:
        assert sentence in page, sentence
    assert "ink needed" in page


@pytest.mark.parametrize("name", PAGES)
def test_who_leads_is_told_by_first_name(browser_of, parent, group, name):
    page = text(browser_of(parent), group.sessions.get(number=1), name)
    assert "Pat, parent with lived experience" in page
    assert "Femi" in page and "Femi Facilitator" not in page


def test_without_anybody_the_job_stands_for_the_name(browser_of, lead, group):
    group.team.exclude(user=lead).delete()
    page = text(browser_of(lead), group.sessions.get(number=1))
    assert "Led by Lena" in page  # the lead until there is a facilitator
    assert "Led by a parent with lived experience" in page
    assert "Led by guests" in text(browser_of(lead), group.sessions.get(number=4))


def test_two_facilitators_are_both_named(browser_of, lead, group):
    TeamMember.objects.create(cohort=group, user=UserFactory(name="Sam Okoro", role="facilitator"), job="facilitator")
    assert "Led by Femi and Sam" in text(browser_of(lead), group.sessions.get(number=2))


def test_who_left_the_team_leads_no_more(browser_of, lead, facilitator, group):
    group.team.filter(user=facilitator).update(left_on=date(2026, 10, 1))
    session = group.sessions.get(number=2)
    assert "Femi" not in text(browser_of(lead), session)
    assert browser_of(facilitator).get(session.get_absolute_url()).status_code == 404


def test_the_parent_sees_the_plan_and_no_way_to_the_register_or_feedback(browser_of, parent, facilitator, group):
    session = group.sessions.get(number=1)
    place = PlaceFactory(cohort=group, caregiver__name="Zora Quillfeather")
    register = reverse("sessions:register", args=[session.code])
    feedback = reverse("feedback:session", args=[session.code])
    seen, plan = text(browser_of(facilitator), session), text(browser_of(parent), session)
    assert register in seen and feedback in seen
    assert register not in plan and feedback not in plan
    assert place.caregiver.name not in plan


@pytest.mark.parametrize("name", PAGES)
def test_only_the_groups_own_team_finds_it(browser_of, group, other_facilitator, manager, stranger, lead, name):
    url = reverse(name, args=[group.sessions.first().code])
    assert browser_of(other_facilitator).get(url).status_code == 404
    assert browser_of(manager).get(url).status_code == 403
    assert stranger.get(url).headers["Location"].startswith(reverse("account_login"))
    assert browser_of(lead).post(url).status_code == 405


@pytest.mark.parametrize("name", PAGES)
def test_a_long_agenda_costs_the_same(browser_of, lead, group, name, same_queries, django_assert_max_num_queries):
    session = group.sessions.get(number=5)
    client, url = browser_of(lead), reverse(name, args=[session.code])
    same_queries(client, url, lambda: [SessionItemFactory(session=session, position=n) for n in range(100, 130)])
    with django_assert_max_num_queries(8):
        client.get(url)


def test_an_online_group_has_its_link(browser_of, facilitator, group):
    group.online_link, group.venue = "https://meet.example/abc", ""
    group.save()
    session = group.sessions.first()
    assert 'href="https://meet.example/abc"' in text(browser_of(facilitator), session)
    assert "https://meet.example/abc" in text(browser_of(facilitator), session, "sessions:print")


def test_what_leads_write_is_shown_as_text(browser_of, lead, group):
    session = group.sessions.first()
    session.items.update(title="<b>bold</b>", prompts=["<script>alert(1)</script>", {"<i>": ["<u>"]}])
    page = text(browser_of(lead), session)
    assert "&lt;b&gt;bold" in page and "<script>alert" not in page and "<i>" not in page and "<u>" not in page
