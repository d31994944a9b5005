"""Who is kept apart: marked, and the mark taken away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, KeptApart, Place
from caregivers.places import rules as place_rules
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort


class Together(Refused):
    """They share a group: one of them has to leave it first."""

    def __init__(self, group: Cohort):
        super().__init__(_("They both have a place in the same group. One of them has to leave it first."))
        self.group = group


@transaction.atomic
def keep_apart(*, caregiver: Caregiver, other: Caregiver, by: User | None, at: datetime | None = None) -> KeptApart:
    """From now on these two never have a place in the same group. Marked again, it is the same mark."""
    if caregiver.pk == other.pk:
        raise Refused(_("Choose somebody else: nobody is kept apart from themselves."))
    now = at or timezone.now()
    first, second = sorted([caregiver.pk, other.pk])
    place_rules.hold_groups(Q(place_set__caregiver=first) | Q(place_set__caregiver=second), now)
    people = {pk: Caregiver.objects.hold(pk) for pk in (first, second)}
    if mark := KeptApart.objects.filter(first=first, second=second).first():
        return mark
    seated = Place.objects.seated().select_related("cohort")
    groups_of_first = seated.filter(caregiver=first).values("cohort")
    if shared := seated.filter(caregiver=second, cohort__in=groups_of_first).first():
        raise Together(shared.cohort)
    mark = KeptApart.objects.create(
        first=people[first], second=people[second], recorded_on=timezone.localdate(now), recorded_by=by
    )
    for person in people.values():
        audit.record(by, audit.Verb.CREATED, mark, person=person)
    return mark


@transaction.atomic
def end_apart(*, mark: KeptApart, by: User | None) -> None:
    """The mark was wrong, or is over. Ended twice, it is gone."""
    if KeptApart.objects.filter(pk=mark.pk).delete()[0]:
        for person in (mark.first, mark.second):
            audit.record(by, audit.Verb.CHANGED, mark, person=person, fields=["ended"])
