"""Home and a group's page: what each role finds there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from caregivers.models import FollowUp
from evaluation.models import Report, ReportVersion
from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.slips import actions as slips
from feedback.slips.queries import sheet_of
from ppg.models import AuditEntry
from programmes.models import TeamMember
from sessions_app.models import Session
from sessions_app.running import actions as running
from tests.factories import (
    CaregiverFactory,
    CohortFactory,
    PlaceFactory,
    SessionFactory,
    SessionItemFactory,
    UserFactory,
)
from tests.feedback.factories import came, opened_form
from tests.guards.records import published

pytestmark = pytest.mark.django_db
HOME = "/"


def read(browser, url):
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_lead_sees_the_groups_of_their_teams_and_can_set_one_up(browser_of, lead, cohort, other_cohort):
    page = read(browser_of(lead), HOME)
    assert "Ipswich spring" in page and "Lowestoft" not in page
    assert reverse("sessions:set_up") in page


def test_a_facilitator_does_not_set_groups_up(browser_of, facilitator, cohort):
    page = read(browser_of(facilitator), HOME)
    assert "Ipswich spring" in page and reverse("sessions:set_up") not in page


def test_who_left_the_team_no_longer_sees_the_group(browser_of, facilitator, cohort):
    TeamMember.objects.filter(user=facilitator).update(left_on=timezone.localdate())
    assert "Ipswich spring" not in read(browser_of(facilitator), HOME)
    assert browser_of(facilitator).get(cohort.get_absolute_url()).status_code == 404


NOON = datetime(2027, 6, 8, 12, tzinfo=UTC)  # 1pm in London


@pytest.fixture
def at(monkeypatch):
    """`at(moment)`: what time it is."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def buttons(page):
    """What the buttons of the next session lead to, the main one first."""
    part = page[page.index("Next session") : page.index("What needs you")]
    return [href.rstrip("/").rpartition("/")[2] for href in re.findall(r'<a href="([^"]+)" role="button"', part)]


@pytest.mark.parametrize(
    ("starts", "pressed"),
    [
        (timedelta(days=1), ["prepare"]),
        (timedelta(hours=6), ["register", "run", "prepare"]),
        (timedelta(0), ["run", "register"]),
        (timedelta(minutes=-89), ["run", "register"]),
        (timedelta(minutes=-90), ["close", "register"]),
    ],
)
def test_the_next_session_has_one_main_press_by_the_time_of_day(browser_of, facilitator, cohort, at, starts, pressed):
    at(NOON)
    browser = browser_of(facilitator)
    session = SessionFactory(cohort=cohort, number=2, minutes=90, starts_at=NOON + starts)
    page = read(browser, HOME)
    assert session.get_absolute_url() in page and buttons(page) == pressed
    Session.objects.update(cancelled_at=NOON)
    assert "Next session</h2>" not in read(browser, HOME)


def test_who_ends_it_early_closes_it_next_and_who_begins_it_early_runs_it(browser_of, facilitator, cohort, at):
    at(NOON)
    browser = browser_of(facilitator)
    session = SessionFactory(cohort=cohort, number=2, minutes=90, starts_at=NOON + timedelta(hours=5))
    item = SessionItemFactory(session=session, minutes=10)
    for kind, pressed in [("start", "run"), ("end", "close")]:
        running.step(session=session, kind=kind, key=f"{item.code} {kind}", by=facilitator)
        assert buttons(read(browser, HOME))[0] == pressed, kind


def test_what_is_closed_is_not_the_next_session_of_its_group(browser_of, facilitator, cohort, at):
    at(NOON)
    closed = SessionFactory(cohort=cohort, number=1, starts_at=NOON - timedelta(hours=1))
    SessionFactory(cohort=cohort, number=2, starts_at=NOON + timedelta(days=7))
    Session.objects.filter(pk=closed.pk).update(closed_at=NOON)
    page = read(browser_of(facilitator), HOME)
    assert f"{NOON + timedelta(days=7):%a %-d %B}" in page[page.index("Your groups") :]


def test_what_has_ended_is_closed_first_unless_the_next_one_is_about_to_begin(browser_of, facilitator, cohort, at):
    at(NOON)
    browser = browser_of(facilitator)
    ended = SessionFactory(cohort=cohort, number=1, minutes=60, starts_at=NOON - timedelta(hours=3))
    following = SessionFactory(cohort=cohort, number=2, minutes=60, starts_at=NOON + timedelta(hours=4))
    assert buttons(read(browser, HOME))[0] == "close"
    Session.objects.filter(pk=following.pk).update(starts_at=NOON + timedelta(minutes=30))
    assert buttons(read(browser, HOME))[0] == "register"
    Session.objects.filter(pk=following.pk).update(starts_at=NOON + timedelta(hours=4))
    Session.objects.filter(pk=ended.pk).update(closed_at=NOON)
    assert buttons(read(browser, HOME))[0] == "register"


def test_a_parent_opens_the_plan_and_runs_nothing(browser_of, parent, cohort):
    session = SessionFactory(cohort=cohort, number=1)
    page = read(browser_of(parent), HOME)
    assert session.get_absolute_url() in page and "/run/" not in page and "/register/" not in page


def test_what_needs_somebody_is_named_dated_and_opened_in_one_press(browser_of, facilitator, cohort, now):
    person = PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Beth Okoro")).caregiver
    late = timezone.localdate(now) - timedelta(days=2)
    call = FollowUp.objects.create(
        caregiver=person, cohort=cohort, kind="call", reason="asked", offered_on=late, due_on=late, owner=facilitator
    )
    page = read(browser_of(facilitator), HOME)
    assert "Call: Beth" in page and "Okoro" not in page and call.get_absolute_url() in page
    assert f"Assigned to you. By {date_format(late, 'j F')}" in page and ">Overdue<" in page
    assert AuditEntry.objects.filter(user=facilitator, verb="saw", page="home", person=person.code).count() == 1


def test_the_first_ten_stand_on_home_and_all_on_a_page_of_their_own(browser_of, facilitator, cohort, now):
    for n in range(31):
        person = PlaceFactory(cohort=cohort, seat=n + 1).caregiver
        FollowUp.objects.create(
            caregiver=person, cohort=cohort, kind="visit", reason="asked", offered_on=timezone.localdate(now)
        )
    browser = browser_of(facilitator)
    page = read(browser, HOME)
    assert page.count("Visit: Sam") == 10 and "All 31" in page
    every = read(browser, reverse("due"))
    assert every.count("Visit: Sam") == 30 and "?page=2" in every
    assert read(browser, reverse("due") + "?page=2").count("Visit: Sam") == 1


def test_groups_stand_in_a_table_by_where_they_are(browser_of, lead, now):
    def group(name, *days):
        made = CohortFactory(name=name, team=[lead])
        for number, in_days in enumerate(days, 1):
            over = now if in_days < 0 else None
            SessionFactory(cohort=made, number=number, starts_at=now + timedelta(days=in_days), closed_at=over)
        return made

    group("Finished", -60, -53)
    group("Starting", 20, 27)
    group("Later", -1, 6)
    group("Sooner", -5, 2, 9)
    group("Being planned")
    page = read(browser_of(lead), HOME)
    names = re.findall(r'<th[^>]*scope="row"[^>]*>\s*<a[^>]*>([^<]+)</a>', page)
    assert names == ["Sooner", "Later", "Starting", "Being planned", "Finished"]
    assert "Week 2 of 3" in page and "Starts " in page and "Ended " in page and "No dates yet" in page


def test_a_group_says_how_many_things_are_due(browser_of, facilitator, cohort, now):
    late = timezone.localdate(now) - timedelta(days=2)
    for due_on in (late, None):
        person = PlaceFactory(cohort=cohort).caregiver
        FollowUp.objects.create(
            caregiver=person, cohort=cohort, kind="call", reason="asked", offered_on=late, due_on=due_on
        )
    assert "2, of these 1 overdue" in " ".join(read(browser_of(facilitator), HOME).split())


def test_a_manager_sees_groups_that_need_a_look_and_no_session_of_theirs(browser_of, manager, cohort, now):
    SessionFactory(cohort=cohort, number=1, starts_at=now + timedelta(days=5))
    page = read(browser_of(manager), HOME)
    assert "Few people are registered" in page and "Next session</h2>" not in page
    assert cohort.name in read(browser_of(manager), reverse("groups"))


def test_a_manager_sees_the_first_groups_to_look_at_and_that_there_are_more(browser_of, manager, now):
    for _n in range(23):
        SessionFactory(number=1, starts_at=now - timedelta(weeks=5))
    home = read(browser_of(manager), HOME)
    assert home.count("No report yet") == 10 and "More groups to look at" in home
    page = read(browser_of(manager), reverse("due") + "?groups")
    assert page.count("No report yet") == 20 and "These are the first." in page
    assert "No report yet" not in read(browser_of(manager), reverse("due"))


def test_an_evaluator_sees_the_data_opened_to_them_and_when_it_changed(browser_of, evaluator, cohort, other_cohort):
    cohort.team.create(user=evaluator, job="evaluation")
    closed = datetime(2026, 3, 4, 18, tzinfo=UTC)
    SessionFactory(cohort=cohort, number=1, starts_at=closed, closed_at=closed)
    page = read(browser_of(evaluator), HOME)
    assert cohort.name in page and other_cohort.name not in page
    assert reverse("evaluation:data_of", args=[cohort.code]) in page and "4 March 2026" in page


def test_an_administrator_finds_accounts_and_retention_among_what_needs_them(browser_of, administrator):
    UserFactory(joined_at=None)
    assert "1 person is invited and has not joined" in read(browser_of(administrator), HOME)


def test_a_manager_is_two_clicks_from_the_report(browser_of, manager, cohort):
    version = published(cohort)
    browser = browser_of(manager)
    assert version.get_absolute_url() in read(browser, HOME)
    assert reverse("evaluation:pdf", args=[version.code]) in read(browser, version.get_absolute_url())


def test_home_links_to_the_newest_version_and_says_if_it_is_superseded(browser_of, manager, cohort):
    first = published(cohort)
    second = ReportVersion.objects.create(
        report=Report.objects.get(),
        number=2,
        text={},
        figures=first.figures,
        published_at=timezone.now(),
        published_by=first.published_by,
        superseded_at=timezone.now(),
    )
    page = read(browser_of(manager), HOME)
    table = page[page.index("<table") : page.index("</table>")]
    assert second.get_absolute_url() in table and first.get_absolute_url() not in table
    assert "Superseded" in table


def test_places_taken_stand_as_a_number_and_a_bar(browser_of, lead, cohort):
    for seat in (1, 2, 3):
        PlaceFactory(cohort=cohort, seat=seat)
    assert "3 of 8" in read(browser_of(lead), HOME)
    assert "3 of 8" in read(browser_of(lead), cohort.get_absolute_url())


@pytest.mark.parametrize("role", ["safeguarding", "evaluator", "administrator"])
def test_roles_without_groups_find_the_pages_that_are_theirs(browser_of, request, role, cohort):
    page = read(browser_of(request.getfixturevalue(role)), HOME)
    assert "Ipswich spring" not in page and reverse("programmes:index") in page


def test_a_lead_without_a_group_is_told_how_to_begin(browser_of, lead):
    assert "Set up a group, and it will be here." in read(browser_of(lead), HOME)


def test_a_parent_sees_the_sessions_and_first_names_and_nothing_else_of_the_people(browser_of, parent, cohort):
    nadia = CaregiverFactory(cohort=cohort, name="Nadia Rahman", phone="07700 900123")
    place = PlaceFactory(cohort=cohort, caregiver=nadia, seat=1)
    session = SessionFactory(cohort=cohort, number=1)
    page = read(browser_of(parent), cohort.get_absolute_url())
    assert session.get_absolute_url() in page and "Nadia" in page
    for hidden in ("Rahman", "07700 900123", place.caregiver.code, "/register/", "/people/"):
        assert hidden not in page


def test_a_manager_sees_a_group_and_no_people(browser_of, manager, cohort):
    PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Nadia Rahman"), seat=1)
    SessionFactory(cohort=cohort, number=1)
    page = read(browser_of(manager), cohort.get_absolute_url())
    assert "Nadia" not in page and "/register/" not in page and "/people/" not in page
    assert reverse("group_evaluation", args=[cohort.code]) in page


def test_only_get(browser_of, lead, cohort):
    assert browser_of(lead).post(HOME).status_code == 405
    assert browser_of(lead).post(cohort.get_absolute_url()).status_code == 405


def test_the_administrator_sees_which_texts_still_have_blanks(browser_of, administrator):
    page = browser_of(administrator).get("/").content.decode()
    assert "Fill in the texts of your council" in page and "texts have blanks that only your council" in page
    assert reverse("caregivers:wordings") in page


def test_the_safeguarding_lead_sees_that_nothing_waits(browser_of, safeguarding):
    assert "Every concern and all information is closed" in browser_of(safeguarding).get("/").content.decode()


def test_a_parent_is_told_which_slips_to_print_and_by_when(browser_of, parent, facilitator, cohort, now):
    session = SessionFactory(cohort=cohort, number=3, starts_at=now + timedelta(days=2))
    home = browser_of(parent).get("/").text
    assert "Print the slips: session 3" in home
    assert "Print the slips" not in browser_of(facilitator).get("/").text
    slips.make(cohort=cohort, session=session, by=parent)
    assert "Print the slips" not in browser_of(parent).get("/").text


def test_a_parent_is_told_which_slips_to_count_until_they_have(browser_of, parent, lead, cohort):
    form = opened_form(cohort)
    came(form, 8)
    assert "Count the slips" not in browser_of(parent).get("/").text
    asking.close_form(form=form, by=None)
    assert reverse("feedback:count", args=[form.code]) in browser_of(parent).get("/").text
    counting.count(form=form, left=72, people=8, by=parent)
    assert "Count the slips" not in browser_of(parent).get("/").text
    counting.count(form=form, left=71, people=8, by=lead)
    assert "Count the slips" in browser_of(parent).get("/").text, "they differ: both count once more"


def test_a_form_for_which_no_slips_were_printed_is_nothing_to_count(browser_of, parent, cohort):
    form = opened_form(cohort)
    sheet_of(form).delete()
    asking.close_form(form=form, by=None)
    assert "Count the slips" not in browser_of(parent).get("/").text
