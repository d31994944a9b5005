"""What caregivers do tells staff who want to hear at once; a consent that is withdrawn does not."""

from __future__ import annotations

import pytest
from django.utils import timezone

from caregivers.consents import actions as consents
from caregivers.interest.actions import express_interest
from caregivers.links import actions as links
from caregivers.models import Place, Referral
from caregivers.own_page.actions import answer_offer
from caregivers.places import actions as places
from caregivers.posters.actions import switch_poster
from caregivers.registering.actions import register as register_person
from ppg.access.refusals import Refused
from ppg.models import User, WorkMail
from programmes.models import Alert
from tests.caregivers.conftest import ANSWERS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(lead, facilitator, parent, other_facilitator, cohort):
    User.objects.update(work_mail=WorkMail.AT_ONCE)


def alerted():
    return sorted(Alert.objects.values_list("user__name", flat=True))


@pytest.fixture
def offered(cohort, lead, refer):
    """Rosa, registered, who is offered a place."""
    person = refer()
    places.offer(cohort=cohort, caregiver=person, by=lead)
    person.registered_at, person.registered_how = timezone.now(), "spoken"
    person.save()
    assert Place.objects.get().state == "offered" and not Alert.objects.exists()
    return person


def interest(poster):
    return express_interest(
        poster=poster, name="Rosie", phone="07700 900 982", email="", safe_ways=["call"], safe_when="", from_here=1
    )


def test_a_new_interest_is_told_to_who_may_reply(cohort, lead, facilitator):
    interest(switch_poster(cohort=cohort, on=True, by=lead, site="https://groups.example"))
    assert alerted() == sorted([lead.name, facilitator.name])


def test_one_that_was_refused_is_not(cohort, lead):
    poster = switch_poster(cohort=cohort, on=True, by=lead, site="https://groups.example")
    switch_poster(cohort=cohort, on=False, by=lead, site="https://groups.example")
    with pytest.raises(Refused):
        interest(poster)
    assert alerted() == []


def registers(person, cohort, by=None):
    link = None if by else links.invite(caregiver=person, cohort=cohort, by=User.objects.get(name="Lena Lead"))
    register_person(
        caregiver=person, cohort=cohort, answers=ANSWERS, consents={}, how="spoken" if by else "online", by=by
    )
    return link


def test_a_registration_is_told(cohort, refer, lead, facilitator):
    registers(refer(), cohort)
    assert alerted() == sorted([lead.name, facilitator.name])


def test_what_staff_wrote_down_themselves_is_news_to_nobody(cohort, refer, facilitator, lead):
    registers(refer(), cohort, by=facilitator)
    places.decline(cohort=cohort, caregiver=refer("Ben Hill"), by=lead)
    assert alerted() == []


def test_it_is_told_to_who_has_taken_them_on_and_the_lead(cohort, refer, lead, facilitator, team_member):
    person = refer()
    Referral.objects.update(owner=team_member)
    registers(person, cohort)
    assert alerted() == sorted([lead.name, team_member.name])


@pytest.fixture
def team_member(cohort):
    """A second facilitator."""
    user = User.objects.create_user("mo@council.example", name="Mo", role="facilitator", work_mail=WorkMail.AT_ONCE)
    cohort.team.create(user=user, job="facilitator")
    return user


def test_a_yes_to_an_offer_is_told_once(cohort, offered, lead, facilitator):
    for _ in range(2):
        answer_offer(cohort=cohort, caregiver=offered, yes=True)
    assert alerted() == sorted([lead.name, facilitator.name])


def test_a_no_to_an_offer_is_told_once_to_who_may_give_the_place(cohort, offered, lead):
    for _ in range(2):
        answer_offer(cohort=cohort, caregiver=offered, yes=False)
    assert alerted() == [lead.name]


def test_a_no_to_an_invitation_is_told_as_well(cohort, refer, lead, facilitator):
    person = refer()
    places.decline(cohort=cohort, caregiver=person)
    assert alerted() == sorted([lead.name, facilitator.name])


def test_a_consent_that_is_withdrawn_is_not_told_at_once(cohort, register):
    person = register(consents=("quotes",)).caregiver
    consents.withdraw(caregiver=person, kind="quotes")
    assert alerted() == []
