"""Who is kept apart, as far as one member of staff may see it."""

from __future__ import annotations

from typing import NamedTuple

from caregivers.models import Caregiver, KeptApart, Referral
from ppg.models import User
from programmes.models import Cohort


class Mark(NamedTuple):
    mark: KeptApart
    other: Caregiver | None  # None: somebody whom the reader may not see


def marks_of(caregiver: Caregiver, user: User) -> list[Mark]:
    seen = set(KeptApart.objects.visible_to(user).of(caregiver).values_list("pk", flat=True))
    rows = KeptApart.objects.of(caregiver).select_related("first", "second", "recorded_by")
    return [Mark(row, row.other(caregiver) if row.pk in seen else None) for row in rows]


def people_to_choose(user: User, caregiver: Caregiver) -> dict[str, list[Caregiver]]:
    """Everybody the user may see, by group and name; whoever is in two groups stands in both."""
    rows = Referral.objects.visible_to(user).filter(caregiver__erased_at=None).exclude(caregiver=caregiver)
    groups: dict[str, list[Caregiver]] = {}
    for row in rows.select_related("cohort", "caregiver").order_by("-cohort_id"):
        groups.setdefault(row.cohort.name, []).append(row.caregiver)
    return {group: sorted(members, key=lambda one: one.name.casefold()) for group, members in groups.items()}


def referrals_of_both(user: User, group: Cohort, caregiver: Caregiver, other: Caregiver) -> list[Referral]:
    """By which either of them can be taken out of the group they share."""
    seen = Referral.objects.visible_to(user).filter(cohort=group, caregiver__in=[caregiver, other])
    return list(seen.select_related("caregiver", "cohort").order_by("id"))
