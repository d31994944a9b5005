"""The outcome of a police check, and who is kept apart."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from caregivers.models import Caregiver, PoliceCheck
from ppg import audit
from ppg.models import User


@transaction.atomic
def record_check(*, caregiver: Caregiver, outcome: str, on: date, by: User | None) -> PoliceCheck:
    """The police check's outcome; the latest counts. With a concern after a place was taken, staff decide."""
    held = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    check = PoliceCheck.objects.create(caregiver=held, outcome=outcome, on=on, recorded_by=by)
    audit.record(by, audit.Verb.CREATED, check, person=caregiver, fields=["outcome", "on"])
    return check
