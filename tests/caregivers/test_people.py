"""The people of a group, and adding one."""

import uuid

import pytest
from django.urls import reverse

from caregivers import actions
from caregivers.models import Caregiver, Referral
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort):
    return reverse("caregivers:people", args=[cohort.code])


def heads(page):
    return {
        title: [person.caregiver.called for person in people] for title, _ordered, people in page.context["sections"]
    }


def test_everybody_stands_where_they_are(browser_of, lead, cohort, url, refer, register):
    register("Ann In")
    actions.offer(cohort=cohort, caregiver=refer("Bea Kept"), by=lead)
    register("Cat Waits", "asked")
    refer("Dee Referred", None)
    actions.leave(cohort=cohort, caregiver=register("Eve Left").caregiver, by=lead)
    page = browser_of(lead).get(url)
    assert page.status_code == 200
    assert heads(page) == {
        "In the group": ["Ann"],
        "A place is kept for them": ["Bea"],
        "Waiting list, in order": ["Cat"],
        "Not registered yet": ["Dee"],
        "Left or declined": ["Eve"],
    }
    assert "1 of 8" in page.text


def test_what_is_next_is_said_for_each(browser_of, lead, cohort, url, refer, register):
    refer("Ann", None)
    refer("Bea", "asked")
    actions.invite(caregiver=refer("Cat", "clear"), cohort=cohort, by=lead)
    register("Dee", "asked")
    register("Eve", "concern")
    said = {
        person.caregiver.called: person.next_step
        for _title, _ordered, people in browser_of(lead).get(url).context["sections"]
        for person in people
    }
    assert said["Ann"] == "Ask for the police check."
    assert said["Bea"] == "Send the registration link, or register them on the phone."
    assert said["Cat"].startswith("They can register by their link until ")
    assert said["Dee"] == "Waiting for the police check."
    assert said["Eve"] == "The police check shows a concern. Talk to your safeguarding lead."


def test_when_a_place_frees_the_next_is_proposed(browser_of, lead, cohort, url, register):
    for number in range(8):
        register(f"Person{number} X")
    register("Nina Next")
    register("Lars Later")
    assert "A place is free" not in browser_of(lead).get(url).text
    actions.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=2).caregiver, by=lead)
    page = browser_of(lead).get(url)
    banner = page.text.split("Next on the waiting list:")[1].split("</p>")[0]
    assert "Nina" in banner and "Lars" not in banner


def test_an_empty_group_says_what_to_do(browser_of, lead, url):
    assert "Nobody has been added yet" in browser_of(lead).get(url).text


def test_it_costs_the_same_with_one_and_with_many(browser_of, lead, cohort, url, same_queries, refer, register):
    register("Ann")
    same_queries(browser_of(lead), url, lambda: [refer(f"P{n}") for n in range(3)] and [register("B"), register("C")])


def test_it_costs_at_most_eight_queries(browser_of, lead, url, register, django_assert_max_num_queries):
    register("Ann")
    client = browser_of(lead)
    client.get(url)
    with django_assert_max_num_queries(8):
        client.get(url)


def test_only_the_team_sees_it(browser_of, other_facilitator, manager, parent, stranger, url):
    assert browser_of(other_facilitator).get(url).status_code == 404
    assert browser_of(manager).get(url).status_code == 403
    assert browser_of(parent).get(url).status_code == 403
    assert stranger.get(url).status_code == 302
    assert browser_of(other_facilitator).post(url).status_code == 405


# --- Adding ------------------------------------------------------------------------------------------


@pytest.fixture
def add_url(cohort):
    return reverse("caregivers:add", args=[cohort.code])


def told(**changes):
    return {
        "name": "Rosa Marsh",
        "liked_name": "Rosie",
        "phone": "07700 900 982",
        "email": "",
        "source": "hub",
        "received_on": "2026-03-02",
        "effect_key": str(uuid.uuid4()),
        **changes,
    }


def test_adding_a_person(browser_of, lead, cohort, add_url):
    answer = browser_of(lead).post(add_url, told())
    person = Caregiver.objects.get()
    assert answer.headers["Location"] == person.get_absolute_url()
    assert (person.name, person.called, person.phone) == ("Rosa Marsh", "Rosie", "07700 900 982")
    referral = Referral.objects.get()
    assert (referral.cohort, referral.source, str(referral.received_on)) == (cohort, "hub", "2026-03-02")
    assert AuditEntry.objects.filter(user=lead, verb="created", what="caregiver", person=person.code).count() == 1


def test_sent_twice_it_adds_one(browser_of, lead, add_url):
    form = told()
    first, second = browser_of(lead).post(add_url, form), browser_of(lead).post(add_url, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Caregiver.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"source": ""}, "Choose an answer for “How they reached us”"),
        ({"received_on": "2999-01-01"}, "or earlier"),
        ({"phone": "none"}, "Enter a telephone number"),
    ],
)
def test_what_is_wrong_keeps_what_was_typed(browser_of, lead, add_url, changes, sentence):
    page = browser_of(lead).post(add_url, told(**changes))
    assert page.status_code == 422 and sentence in page.text
    assert 'value="Rosie"' in page.text
    assert Caregiver.objects.count() == 0


def test_only_the_team_adds(browser_of, other_facilitator, facilitator, manager, add_url):
    assert browser_of(facilitator).post(add_url, told()).status_code == 302
    assert browser_of(other_facilitator).post(add_url, told()).status_code == 404
    assert browser_of(manager).post(add_url, told()).status_code == 403
