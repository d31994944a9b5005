"""Everybody on the way to a place, over all the groups of one's teams."""

import pytest
from django.urls import reverse

from caregivers.places import actions as places
from caregivers.referrals import actions as referrals
from tests.factories import CaregiverFactory, CohortFactory

pytestmark = pytest.mark.django_db
URL = reverse("caregivers:board")


@pytest.fixture
def second(lead):
    return CohortFactory(name="Ipswich autumn", team=[lead])


def names(page):
    return [person.caregiver.called for person in page.context["people"]]


def test_the_people_of_all_my_groups_are_there(browser_of, lead, refer, second, other_cohort):
    refer("Ann", None)
    refer("Bea", None, second)
    refer("Foreign", None, other_cohort)
    page = browser_of(lead).get(URL)
    assert names(page) == ["Bea", "Ann"]
    assert "2 people" in page.text and "Foreign" not in page.text


def test_at_first_it_shows_who_is_on_the_way(browser_of, lead, cohort, refer, register):
    refer("Ann", None)
    register("Ina In")
    places.decline(cohort=cohort, caregiver=refer("Dan Declined"), by=lead)
    register("Wes Waits", "asked")
    assert names(browser_of(lead).get(URL)) == ["Wes", "Ann"]
    assert names(browser_of(lead).get(URL, {"stage": "all"})) == ["Wes", "Dan", "Ina", "Ann"]


@pytest.mark.parametrize(
    ("stage", "who"), [("referred", ["Ann"]), ("checked", ["Bea"]), ("in_group", ["Ina"]), ("waiting", ["Wes"])]
)
def test_by_stage(browser_of, lead, refer, register, stage, who):
    refer("Ann", None)
    refer("Bea")
    register("Ina In")
    register("Wes Waits", "asked")
    assert names(browser_of(lead).get(URL, {"stage": stage})) == who


def test_by_group_and_by_how_they_reached_us(browser_of, lead, cohort, refer, second):
    refer("Ann", None)
    refer("Bea", None, second)
    referrals.refer(cohort=second, name="Hub", source="hub", received_on=second.made_on, by=lead)
    assert names(browser_of(lead).get(URL, {"group": second.code})) == ["Hub", "Bea"]
    assert names(browser_of(lead).get(URL, {"group": second.code, "source": "hub"})) == ["Hub"]


def test_a_foreign_group_cannot_be_chosen(browser_of, lead, refer, other_cohort):
    refer("Foreign", None, other_cohort)
    page = browser_of(lead).get(URL, {"group": other_cohort.code})
    assert page.status_code == 422 and "Foreign" not in page.text


def test_who_is_next_of_a_full_group_is_told_as_on_its_own_page(browser_of, lead, cohort, register):
    for number in range(8):
        register(f"P{number}")
    register("Nina Next")
    places.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=3).caregiver, by=lead)
    person = browser_of(lead).get(URL, {"stage": "waiting"}).context["people"][0]
    assert person.next_step == "A place is free and they are next."


def test_more_than_a_page_goes_on_the_next(browser_of, lead, cohort):
    for _number in range(27):
        CaregiverFactory(cohort=cohort)
    client = browser_of(lead)
    assert len(names(client.get(URL, {"source": "caseload"}))) == 25
    page = client.get(URL, {"source": "caseload", "page": "2"})
    assert len(names(page)) == 2 and "?source=caseload&amp;page=1" in page.text


def test_nobody_there_says_what_to_do(browser_of, lead, cohort):
    assert "Open a group and add each person" in browser_of(lead).get(URL).text
    assert "Choose another stage" in browser_of(lead).get(URL, {"source": "hub"}).text


def test_more_people_and_more_groups_cost_the_same(browser_of, lead, refer, register, same_queries):
    refer("Ann", None)
    register("Wes Waits", "asked")

    def grow():
        for number in range(4):
            group = CohortFactory(team=[lead])
            refer(f"A{number}", "clear", group)
            places.offer(cohort=group, caregiver=refer(f"B{number}", "clear", group), by=lead)

    same_queries(browser_of(lead), URL, grow)


def test_only_those_who_recruit_see_it(browser_of, facilitator, manager, parent, stranger):
    assert browser_of(facilitator).get(URL).status_code == 200
    assert browser_of(manager).get(URL).status_code == 403
    assert browser_of(parent).get(URL).status_code == 403
    assert stranger.get(URL).status_code == 302
    assert browser_of(facilitator).post(URL).status_code == 405
