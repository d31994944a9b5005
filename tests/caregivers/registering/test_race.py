"""Twenty people send their registration at the same moment; one place is free."""

from __future__ import annotations

import time
import uuid
from datetime import date
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from caregivers.links import actions as links
from caregivers.models import ConsentWording, Place
from caregivers.places import actions as places
from caregivers.places import rules as place_rules
from caregivers.police_checks import actions as police_checks
from caregivers.wordings import shipped as wordings
from programmes.models import Cohort
from tests.factories import PlaceFactory
from tests.races import THREADS, at_once, only_postgresql, refusals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def addresses(cohort, refer, lead) -> list[str]:
    """Seven of eight places are taken; twenty people with a clear check have a link."""
    wordings.load(ConsentWording.objects)  # other tests of this kind empty the tables
    for seat in range(1, 8):
        PlaceFactory(cohort=cohort, seat=seat)
    made = [links.invite(caregiver=refer(f"Person {n}"), cohort=cohort, by=lead) for n in range(THREADS)]
    return [reverse("register", args=[token]) for token in made]


@pytest.fixture(autouse=True)
def a_moment_between_counting_and_taking(monkeypatch):
    """Makes the gap that a race falls into wide enough to be met each time."""
    count = place_rules.Places.of.__func__  # type: ignore[attr-defined]

    def slowly(cls, cohort, now):
        found = count(cls, cohort, now)
        time.sleep(0.03)
        return found

    monkeypatch.setattr(place_rules.Places, "of", classmethod(slowly))


def all_at_once(addresses: list[str], forms: list[dict[str, str]]) -> list[int]:
    """The status each of them got."""

    def send(address: str, form: dict[str, str]) -> int:
        return Client(raise_request_exception=False).post(address, form).status_code

    return at_once(*[partial(send, *pair) for pair in zip(addresses, forms, strict=True)])


def form(name: str = "Person") -> dict[str, str]:
    return {"name": name, "effect_key": str(uuid.uuid4())}


def test_exactly_one_gets_the_last_place_and_nobody_an_error(addresses, cohort):
    statuses = all_at_once(addresses, [form() for _ in addresses])
    assert statuses == [302] * THREADS
    assert Place.objects.filter(state="taken").count() == 8
    assert cohort.place_set.waiting().count() == THREADS - 1


@only_postgresql
@pytest.mark.filterwarnings("ignore")
def test_without_the_lock_it_goes_wrong(addresses, cohort, monkeypatch):
    """Shows that the test above can fail: the same race, the cohort's row not held."""
    monkeypatch.setattr(
        place_rules, "locked", lambda cohort, now: place_rules.Places.of(Cohort.objects.get(pk=cohort.pk), now)
    )
    statuses = all_at_once(addresses, [form() for _ in addresses])
    taken = Place.objects.filter(state="taken").count()
    assert statuses != [302] * THREADS or taken > 8, (statuses, taken)


def test_the_same_form_sent_by_five_at_once_registers_once(addresses, cohort):
    statuses = all_at_once(addresses[:1] * 5, [form()] * 5)
    assert statuses == [302] * 5
    assert Place.objects.filter(state="taken").count() == 8
    assert cohort.place_set.get(seat=8).caregiver.consents.count() == 4


def test_the_lead_gives_the_last_place_twice_at_once(cohort, register, lead):
    """Two people of the team, two people waiting, one place: one gets it, the other press is refused."""
    wordings.load(ConsentWording.objects)
    for seat in range(1, 8):
        PlaceFactory(cohort=cohort, seat=seat)
    waiting = [register(f"Person {n}", "asked") for n in range(2)]
    for place in waiting:
        police_checks.record_check(caregiver=place.caregiver, outcome="clear", on=date(2026, 3, 9), by=lead)
    give = partial(places.take_place, cohort=cohort, by=lead, why_first="Both pressed")
    (refused,) = refusals(at_once(*[partial(give, caregiver=place.caregiver) for place in waiting]))
    assert str(refused) == "This group is full: 8 of 8 places are taken."
