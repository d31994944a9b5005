"""By which way somebody is reached, and whether it is still the same one."""

from __future__ import annotations

import pytest

from caregivers import names, safe, trail
from caregivers.importing.rows import known
from caregivers.models import Caregiver, MessageCopy
from caregivers.people.queries import board, same_contact
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db

Way, Why = MessageCopy.Way, MessageCopy.Why


@pytest.fixture
def person(cohort) -> Caregiver:
    return CaregiverFactory(cohort=cohort, name="Siobhan O’Brien", phone="07700 900982", email="", safe_ways=["text"])


@pytest.mark.parametrize(
    ("phone", "way", "why"),
    [
        ("07700 900982", Way.TEXT, ""),
        ("+48 600 123 456", Way.TEXT, ""),
        ("٠٧٧٠٠ ٩٠٠٩٨٢", Way.TEXT, ""),  # stored before there was a cleaning
        ("01632 960001", Way.NONE, Why.LANDLINE),
        ("", Way.NONE, Why.NO_ADDRESS),
    ],
)
def test_a_text_goes_only_where_one_can_arrive(person, phone, way, why):
    person.phone = phone
    assert safe.way_to(person) == (way, why)
    assert bool(safe.why_in_words(person, why)) == bool(why)


def test_an_e_mail_goes_before_a_text_that_cannot_arrive(person):
    person.phone, person.email, person.safe_ways = "01632 960001", "s@home.example", ["text", "email"]
    assert safe.way_to(person) == (Way.EMAIL, "")


@pytest.mark.parametrize("phone", ["07700900982", "+44 (0)7700 900982", "٠٧٧٠٠ ٩٠٠٩٨٢", "07700–900 982"])
def test_one_number_has_one_fingerprint_however_it_is_written(person, phone):
    made = set(safe.fingerprints(person).values())
    assert safe.same_as(Caregiver(phone=phone, email=""), made) == {"text"}
    assert not safe.same_as(Caregiver(phone="07700 900983", email=""), made)


def test_a_fingerprint_of_the_number_as_it_was_typed_still_holds(person):
    """As they were made before numbers were compared by what is dialled."""
    made = {safe._fingerprint(Way.TEXT, "07700900982")}
    assert safe.same_as(person, made) == {"text"}
    assert not safe.same_as(Caregiver(phone="07700 900983", email=""), made)


def test_perhaps_the_same_person_in_any_spelling_of_number_and_address(cohort, person, now):
    CaregiverFactory(cohort=cohort, name="S", phone="+44 7700–900982", email="")
    CaregiverFactory(cohort=cohort, name="T", phone="", email="t.o’neil@home.example")
    CaregiverFactory(cohort=cohort, name="U", phone="", email="T.O'Neil@home.example ")
    same = same_contact([one.referral for one in board(cohort, now).people])
    assert sorted(len(others) for others in same.values()) == [1, 1, 1, 1]


def test_two_whose_names_look_the_same_are_told_apart(cohort, person):
    other = CaregiverFactory(cohort=cohort, name="Siobhan Obrien", liked_name="D'Arcy")
    person.liked_name = "D’Arcy"
    assert set(names.called([person, other]).values()) == {"D’Arcy O’Brien", "D'Arcy Obrien"}


def test_who_is_in_the_group_already_is_known_in_any_spelling():
    assert known("Siobhan O’Brien", "07700 900982", "") == known("SIOBHAN  O'BRIEN", "+447700900982", "")
    assert known("Siobhan O’Brien", "", "s.o’b@x.example") == known("Siobhan O'Brien", "", "S.O'b@x.example")


@pytest.mark.parametrize("typed", ["siobhan obrien", "O'Brien", "o’brien", "Síobhan", "\u200bO´Brien"])
def test_somebody_is_found_as_people_type_their_name(person, typed):
    assert [one.pk for one in trail.find(typed)] == [person.pk]
