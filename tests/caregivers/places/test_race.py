"""Twenty at the same moment: marking apart, offering, registering and recording checks, against giving a place."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caregivers.apart import actions as apart
from caregivers.links import actions as links_actions
from caregivers.models import CaregiverQuerySet, ConsentWording, KeptApart, Place
from caregivers.places import actions as places_actions
from caregivers.places import rules
from caregivers.police_checks import actions as police_checks
from caregivers.wordings import shipped as wordings
from tests.factories import PlaceFactory
from tests.races import at_once, only_postgresql, refusals

pytestmark = pytest.mark.django_db(transaction=True)

PAIRS = 10
Call = Callable[[], Any]


@pytest.fixture(autouse=True)
def a_moment_between_asking_and_writing(monkeypatch, db):
    """Makes the gaps that a race falls into wide enough to be met each time."""
    wordings.load(ConsentWording.objects)  # other tests of this kind empty the tables
    hold, save = rules.hold, KeptApart.save

    def slowly(cohort, caregiver, now):
        held = hold(cohort, caregiver, now)
        time.sleep(0.01)
        return held

    def save_slowly(self, *args, **kwargs):
        time.sleep(0.1)
        save(self, *args, **kwargs)

    monkeypatch.setattr(rules, "hold", slowly)
    monkeypatch.setattr(KeptApart, "save", save_slowly)


@pytest.fixture
def pairs(cohort, refer, register, lead) -> list[tuple[Place, Place]]:
    """Ten people in the group, ten who wait, and room for all: two by two they are about to be marked apart."""
    cohort.places = 2 * PAIRS
    cohort.save()
    seated = [register(f"Seated {n}") for n in range(PAIRS)]
    waiting = [register(f"Waiting {n}", "asked") for n in range(PAIRS)]
    for place in waiting:
        police_checks.record_check(caregiver=place.caregiver, outcome="clear", on=date(2026, 3, 9), by=lead)
    return list(zip(seated, waiting, strict=True))


def mark_and_give(pairs: list[tuple[Place, Place]], cohort: Any, lead: Any) -> tuple[list[Any], int]:
    """Each pair is marked apart while its second is given a place; how many pairs ended up marked and together."""
    calls: list[Call] = []
    for one, other in pairs:
        calls.append(lambda a=one, b=other: apart.keep_apart(caregiver=a.caregiver, other=b.caregiver, by=lead))
        calls.append(
            lambda b=other: places_actions.take_place(
                cohort=cohort, caregiver=b.caregiver, by=lead, why_first="At once"
            )
        )
    results = at_once(*calls)
    seated = set(Place.objects.seated().values_list("caregiver", flat=True))
    return results, sum({mark.first_id, mark.second_id} <= seated for mark in KeptApart.objects.all())


def test_nobody_is_marked_apart_and_given_the_place_at_once(pairs, cohort, lead):
    results, wrong = mark_and_give(pairs, cohort, lead)
    assert wrong == 0
    for pair in zip(results[::2], results[1::2], strict=True):
        assert len(refusals(pair)) == 1, results  # one of the two, each time


@only_postgresql
def test_without_the_locks_they_end_up_together(pairs, cohort, lead, monkeypatch):
    """Shows that the test above can fail: the same race, neither the groups nor the two people held."""
    monkeypatch.setattr(CaregiverQuerySet, "select_for_update", lambda self, **kwargs: self)
    monkeypatch.setattr(rules, "hold_groups", lambda which, now: None)
    _results, wrong = mark_and_give(pairs, cohort, lead)
    assert wrong > 0


def test_holding_the_two_people_is_enough(pairs, cohort, lead, monkeypatch):
    """Somebody may get into a group that was not theirs when the marking began: its row is not held then."""
    monkeypatch.setattr(rules, "hold_groups", lambda which, now: None)
    assert mark_and_give(pairs, cohort, lead)[1] == 0


def test_two_apart_registering_at_once_do_not_both_get_in(cohort, refer, lead):
    people = [refer(f"Person {n}") for n in range(2 * PAIRS)]
    cohort.places = 2 * PAIRS
    cohort.save()
    for one, other in zip(people[::2], people[1::2], strict=True):
        apart.keep_apart(caregiver=one, other=other, by=lead)
    links = [reverse("register", args=[links_actions.invite(caregiver=one, cohort=cohort, by=lead)]) for one in people]
    form = {"name": "Person", "effect_key": str(uuid.uuid4())}
    statuses = at_once(*[lambda link=link: Client().post(link, form).status_code for link in links])
    assert statuses == [302] * 2 * PAIRS
    assert Place.objects.filter(state="taken").count() == PAIRS
    taken = set(Place.objects.seated().values_list("caregiver", flat=True))
    assert not [mark for mark in KeptApart.objects.all() if {mark.first_id, mark.second_id} <= taken]


def test_the_last_place_is_offered_or_taken_once(cohort, refer, lead):
    """Ten are offered it by staff while ten register by their links."""
    for seat in range(1, 8):
        PlaceFactory(cohort=cohort, seat=seat)
    people = [refer(f"Person {n}") for n in range(2 * PAIRS)]
    links = [
        reverse("register", args=[links_actions.invite(caregiver=p, cohort=cohort, by=lead)]) for p in people[:PAIRS]
    ]
    form = {"name": "Person", "effect_key": str(uuid.uuid4())}
    calls: list[Call] = [lambda link=link: Client().post(link, form) for link in links]
    calls += [
        lambda person=person: places_actions.offer(cohort=cohort, caregiver=person, by=lead, why_first="At once")
        for person in people[PAIRS:]
    ]
    results = at_once(*calls)
    assert cohort.place_set.seated().count() == 8
    offered = PAIRS - len(refusals(results[PAIRS:]))
    assert offered + cohort.place_set.filter(state="taken", seat=8).count() == 1


def test_no_offer_outlives_a_concern_recorded_at_the_same_moment(cohort, refer, lead):
    cohort.places = 2 * PAIRS
    cohort.save()
    people = [refer(f"Person {n}") for n in range(PAIRS)]
    calls: list[Call] = []
    for person in people:
        calls.append(lambda p=person: places_actions.offer(cohort=cohort, caregiver=p, by=lead))
        calls.append(
            lambda p=person: police_checks.record_check(caregiver=p, outcome="concern", on=date(2026, 3, 9), by=lead)
        )
    at_once(*calls)
    assert not Place.objects.seated().exists()
