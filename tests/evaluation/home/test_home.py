"""Home and a group's page: what each role finds there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Report, ReportVersion
from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.slips import actions as slips
from feedback.slips.queries import sheet_of
from programmes.models import TeamMember
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
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


def test_the_next_session_is_one_click_away(browser_of, facilitator, cohort):
    SessionFactory(cohort=cohort, number=1, starts_at=timezone.now() - timedelta(days=7))
    coming = SessionFactory(cohort=cohort, number=2, starts_at=timezone.now() + timedelta(hours=1))
    page = read(browser_of(facilitator), HOME)
    assert coming.get_absolute_url() in page
    assert reverse("sessions:register", args=[coming.code]) in page
    assert reverse("sessions:prepare", args=[coming.code]) in page


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
    assert second.get_absolute_url() in page and first.get_absolute_url() not in page
    assert "Superseded" in page


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
    assert reverse("evaluation:figures", args=[cohort.code]) in page


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
    assert f"Print the slips: {cohort.name}, Session 3" in home and "They are needed on" in home
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
