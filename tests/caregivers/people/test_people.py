"""The people of a group, and adding one."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.links import actions as links
from caregivers.models import Caregiver, Referral
from caregivers.places import actions as places
from caregivers.referrals import actions as referrals
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort):
    return reverse("caregivers:people", args=[cohort.code])


def heads(page):
    """The stages that have somebody, with their people."""
    stages = page.context["board"].stages
    return {str(stage.label): [person.caregiver.called for person in people] for stage, people in stages if people}


def test_everybody_stands_once_at_the_stage_they_have_come_to(browser_of, lead, cohort, url, refer, register):
    refer("Ann Referred", None)
    referrals.contacted(referral=refer("Bea Contacted", "asked").referrals.get(), on=date(2026, 3, 3), by=lead)
    refer("Cat Checked")
    places.offer(cohort=cohort, caregiver=refer("Dee Offered"), by=lead)
    register("Eve In")
    register("Fay Waits", "asked")
    places.leave(cohort=cohort, caregiver=register("Gil Left").caregiver, by=lead)
    back = register("Hal Registered").caregiver
    places.leave(cohort=cohort, caregiver=back, by=lead)
    places.offer(cohort=cohort, caregiver=back, by=lead)
    page = browser_of(lead).get(url)
    assert page.status_code == 200
    assert heads(page) == {
        "Referred": ["Ann"],
        "Contacted": ["Bea"],
        "Checked": ["Cat"],
        "Offered a place": ["Dee"],
        "Registered, place offered": ["Hal"],
        "In the group": ["Eve"],
        "Waiting list, in order": ["Fay"],
        "Declined or left": ["Gil"],
    }
    assert "1 of 8" in page.text


def test_an_offer_that_ran_out_waits_again(browser_of, lead, cohort, url, refer):
    over = timezone.now() - timedelta(hours=1)
    places.offer(cohort=cohort, caregiver=refer("Ann"), by=lead, until=over, at=over - timedelta(days=7))
    assert heads(browser_of(lead).get(url)) == {"Waiting list, in order": ["Ann"]}


def test_what_is_next_is_said_for_each(browser_of, lead, cohort, url, refer, register):
    refer("Abe", None)
    referrals.contacted(referral=refer("Ann", None).referrals.get(), on=date(2026, 3, 3), by=lead)
    refer("Bea", "asked")
    links.invite(caregiver=refer("Cat", "clear"), cohort=cohort, by=lead)
    register("Dee", "asked")
    register("Eve", "concern")
    said = {person.caregiver.called: person.next_step for person in browser_of(lead).get(url).context["board"].people}
    assert said["Abe"] == "First contact needed."
    assert said["Ann"] == "Ask for the police check."
    assert said["Bea"] == "Send the registration link, or register them on the phone."
    assert said["Cat"].startswith("They can register by their link until ")
    assert said["Dee"] == "Waiting for the police check."
    assert said["Eve"] == "The police check shows a concern. Talk to your safeguarding lead."


def test_who_owes_it_is_the_lead_until_somebody_is_named(browser_of, lead, facilitator, cohort, url, refer, register):
    refer("Ann", None)
    referrals.name_owner(referral=refer("Bea", None).referrals.get(), owner=facilitator, by=lead)
    register("Cat")
    owes = {person.caregiver.called: person.owes for person in browser_of(lead).get(url).context["board"].people}
    assert owes == {"Ann": lead, "Bea": facilitator, "Cat": None}


def test_perhaps_the_same_person_is_said_beside_both(browser_of, lead, url, refer):
    refer("Rosa Marsh", phone="07700 900 982")
    refer("Rosie M", phone="+44 (0)7700 900982")
    refer("Ann", email="ann@home.example")
    refer("Anna", email=" Ann@Home.example")
    refer("Nobody Else", phone="01632 960 001")
    people = browser_of(lead).get(url).context["board"].people
    same = {person.caregiver.name: [other.caregiver.name for other in person.same_as] for person in people}
    assert same == {
        "Rosa Marsh": ["Rosie M"],
        "Rosie M": ["Rosa Marsh"],
        "Ann": ["Anna"],
        "Anna": ["Ann"],
        "Nobody Else": [],
    }


def test_a_facilitator_sees_what_a_parent_does_not(browser_of, facilitator, url, refer):
    refer("Ann", None)
    assert "Record a call" in browser_of(facilitator).get(url).text


def test_when_a_place_frees_the_next_is_proposed(browser_of, lead, cohort, url, register):
    for number in range(8):
        register(f"Person{number} X")
    register("Nina Next")
    register("Lars Later")
    assert "A place is free" not in browser_of(lead).get(url).text
    places.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=2).caregiver, by=lead)
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


def filled(**changes):
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
    answer = browser_of(lead).post(add_url, filled())
    person = Caregiver.objects.get()
    assert answer.headers["Location"] == person.get_absolute_url()
    assert (person.name, person.called, person.phone) == ("Rosa Marsh", "Rosie", "07700 900 982")
    referral = Referral.objects.get()
    assert (referral.cohort, referral.source, str(referral.received_on)) == (cohort, "hub", "2026-03-02")
    assert AuditEntry.objects.filter(user=lead, verb="created", what="caregiver", person=person.code).count() == 1


def test_sent_twice_it_adds_one(browser_of, lead, add_url):
    form = filled()
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
    page = browser_of(lead).post(add_url, filled(**changes))
    assert page.status_code == 422 and sentence in page.text
    assert 'value="Rosie"' in page.text
    assert Caregiver.objects.count() == 0


def test_only_the_team_adds(browser_of, other_facilitator, facilitator, manager, add_url):
    assert browser_of(facilitator).post(add_url, filled()).status_code == 302
    assert browser_of(other_facilitator).post(add_url, filled()).status_code == 404
    assert browser_of(manager).post(add_url, filled()).status_code == 403
