"""Erased while somebody else saves: whoever comes second finds nobody, and nothing of them is written back."""

from __future__ import annotations

import pytest

from caregivers.consents import actions as consents
from caregivers.models import Caregiver, ConsentWording, Erased, Place
from caregivers.places import actions as places
from caregivers.registering import actions as registering
from caregivers.rights import actions as rights
from caregivers.wordings import shipped as wordings
from ppg.backups import ledger
from tests.factories import PlaceFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"
    wordings.load(ConsentWording.objects)  # other tests of this kind empty the tables


def test_ten_presses_erase_once(cohort, lead):
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    at_once(*[lambda: rights.erase(caregiver=person, by=lead)] * 10)
    assert Erased.objects.count() == len(ledger.read()) == 1


def test_what_others_save_meanwhile_does_not_bring_them_back(cohort, lead):
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    saves = [lambda: registering.change_answers(caregiver=person, answers={"name": "Rosa Marsh"}, by=lead)] * 4
    leaves = lambda: places.leave(cohort=cohort, caregiver=person, by=lead)  # noqa: E731
    agrees = lambda: consents.withdraw(caregiver=person, kind="quotes", by=lead)  # noqa: E731
    at_once(*saves, leaves, agrees, lambda: rights.erase(caregiver=person, by=lead))
    person = Caregiver.objects.get(pk=person.pk)
    assert person.name == "" and person.erased_at
    assert Place.objects.get(caregiver=person).state == Place.State.LEFT
