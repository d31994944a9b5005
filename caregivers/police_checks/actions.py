"""The outcome of a police check."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from caregivers.models import Caregiver, Place, PoliceCheck
from caregivers.places import rules as place_rules
from ppg.audit_trail import audit
from ppg.models import User


@transaction.atomic
def record_check(
    *, caregiver: Caregiver, outcome: str, on: date, by: User | None, at: datetime | None = None
) -> PoliceCheck:
    """The police check's outcome; the latest counts.

    Where it is not clear, an offered place is withdrawn at once. A taken place stays and is shown: what happens with
    somebody who is in the group is decided by people.
    """
    now = at or timezone.now()
    place_rules.hold_groups(Q(referrals__caregiver=caregiver) | Q(place_set__caregiver=caregiver), now)
    held = Caregiver.objects.hold(caregiver.pk)
    check = PoliceCheck.objects.create(caregiver=held, outcome=outcome, on=on, recorded_by=by)
    audit.record(by, audit.Verb.CREATED, check, person=caregiver, fields=["outcome", "on"])
    if outcome != PoliceCheck.Outcome.CLEAR:
        for place in held.places.filter(state=Place.State.OFFERED).select_related("cohort"):
            place.back_to_waiting(place.waiting_since or now)  # where they stood before
            audit.record(by, audit.Verb.CHANGED, place, person=held, cohort=place.cohort, fields=["state"])
    return check
