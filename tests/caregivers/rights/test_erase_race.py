"""Erased while somebody else saves: whoever comes second finds nobody, and nothing of them is written back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from functools import partial
from typing import Any

import pytest

from caregivers.apart import actions as apart
from caregivers.consents import actions as consents
from caregivers.follow_ups import actions as follow_ups
from caregivers.links import actions as links
from caregivers.links import mail as own_page_mail
from caregivers.models import (
    Caregiver,
    ConsentWording,
    Erased,
    ErasedMeanwhile,
    LinkMail,
    PersonalLink,
    Place,
    Slot,
)
from caregivers.places import actions as places
from caregivers.police_checks import actions as police_checks
from caregivers.registering import actions as registering
from caregivers.rights import actions as rights
from caregivers.times import actions as times
from caregivers.wordings import shipped as wordings
from feedback.suggestions import actions as suggestions
from ppg.backups import ledger
from ppg.models import User
from programmes.models import Cohort
from tests.factories import CohortFactory, PlaceFactory
from tests.races import THREADS, Gap, at_once, only_postgresql, without_locks
from tests.traces import pointing_at

Call = Callable[[], Any]

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


# --- Written about them in the very moment ---------------------------------------------------------------


WRITTEN = {"Consent", "FollowUp", "KeptApart", "LinkMail", "PersonalLink", "PoliceCheck", "SlotAnswer", "Suggestion"}
# Their own way: with the answers of a registration, with a message (the group is held), by those who agreed alone.
OTHERWISE = {"EmergencyContact", "MessageCopy", "Quote"}
STAYS = {"Place", "Referral"}


def test_it_is_known_of_every_table_about_people_who_holds_the_person(db):
    assert {model.__name__ for model, _name in pointing_at(Caregiver)} == WRITTEN | OTHERWISE | STAYS


@pytest.fixture
def writes(cohort, lead) -> Callable[[Caregiver], list[Call]]:
    """What staff, workers and the person themselves write about them, each of it a row of its own."""
    slot = Slot.objects.create(cohort=cohort, weekday=2, starts=time(18))
    other = PlaceFactory(cohort=CohortFactory(team=[lead]), seat=1).caregiver
    theirs = {"cohort": cohort, "by": lead}
    copy = partial(own_page_mail.keep, cohort=cohort, about=LinkMail.About.OWN_PAGE, fate=LinkMail.Fate.SENT)

    def of(person: Caregiver) -> list[Call]:
        return [
            partial(links.invite, caregiver=person, **theirs),
            partial(links.make_own_page, caregiver=person, **theirs),
            partial(links.issue, caregiver=person, cohort=cohort, purpose=PersonalLink.Purpose.TIMES),
            partial(copy, person),
            partial(police_checks.record_check, caregiver=person, outcome="concern", on=date(2026, 3, 9), by=lead),
            partial(follow_ups.offer, caregiver=person, kind="call", **theirs),
            partial(consents.agree, caregiver=person, kind="quotes", by=lead),
            partial(times.answer, caregiver=person, answers={slot.code: "yes"}, how="spoken", **theirs),
            partial(apart.keep_apart, caregiver=person, other=other, by=lead),
            partial(suggestions.add, caregiver=person, text="More tea", way="spoken", **theirs),
        ]

    return of


def written_while_erased(person: Caregiver, calls: list[Call], lead: User, monkeypatch: Any) -> None:
    """All of what was there is deleted already, and not yet so for the others."""
    gap = Gap(monkeypatch, rights, "_erase_own")
    at_once(partial(rights.erase, caregiver=person, by=lead), *gap.meanwhile(*calls))


def rows_about(person: Caregiver) -> list[str]:
    """Where something points at them, but for what stays."""
    every = [(model, name) for model, name in pointing_at(Caregiver) if model.__name__ not in STAYS]
    return sorted(model.__name__ for model, name in every if model._default_manager.filter(**{name: person}).exists())


def test_nothing_is_written_about_somebody_who_is_being_erased(cohort, lead, writes, monkeypatch):
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    calls = writes(person)
    written_while_erased(person, [*calls, *calls][: THREADS - 1], lead, monkeypatch)
    assert rows_about(person) == []


@only_postgresql
def test_without_the_locks_all_of_it_is_there_afterwards(cohort, lead, writes, monkeypatch):
    without_locks(monkeypatch, Caregiver, Cohort)
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    written_while_erased(person, writes(person), lead, monkeypatch)
    assert set(rows_about(person)) == WRITTEN


def test_a_page_that_was_open_when_they_were_erased_writes_nothing(cohort, lead, writes):
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    calls = writes(person)
    rights.erase(caregiver=person, by=lead)
    for call in calls:
        with suppress(ErasedMeanwhile):
            call()
    assert rows_about(person) == []
