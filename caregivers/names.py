"""What the people of a group are called, where several of them are shown together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from caregivers.models import Caregiver
from ppg.typed import comparison_key
from programmes.models import Cohort


def called(caregivers: Iterable[Caregiver]) -> dict[int, str]:
    """What each is called, or the whole name where two are called the same."""
    people = {caregiver.pk: caregiver for caregiver in caregivers}
    often = Counter(comparison_key(caregiver.called) for caregiver in people.values())
    return {pk: one.name if often[comparison_key(one.called)] > 1 else one.called for pk, one in people.items()}


def people_of(cohort: Cohort) -> dict[str, tuple[Caregiver, str]]:
    """Everybody referred to this group by their code, with their name, in the order of the names."""
    there = cohort.referrals.filter(caregiver__erased_at=None).select_related("caregiver")
    referrals = there.only("cohort", "caregiver__code", *NAMES)
    people = [referral.caregiver for referral in referrals]
    names = called(people)
    people.sort(key=lambda person: names[person.pk].casefold())
    return {person.code: (person, names[person.pk]) for person in people}


NAMES = ("caregiver__name", "caregiver__liked_name")
