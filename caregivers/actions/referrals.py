"""How somebody reaches us, and the outcome of their police check."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from caregivers.models import (
    Caregiver,
    PoliceCheck,
    Referral,
)
from ppg import audit
from ppg.models import User
from programmes.models import Cohort


@transaction.atomic
def refer(
    *,
    cohort: Cohort,
    name: str,
    source: str,
    received_on: date,
    by: User | None,
    liked_name: str = "",
    phone: str = "",
    email: str = "",
) -> Caregiver:
    """Somebody reached us: who they are and how to reach them, before they tell us more themselves."""
    caregiver = Caregiver.objects.create(name=name, liked_name=liked_name, phone=phone, email=email)
    referral = Referral.objects.create(caregiver=caregiver, cohort=cohort, source=source, received_on=received_on)
    audit.record(by, audit.Verb.CREATED, caregiver, person=caregiver, cohort=cohort, fields=["name", "phone", "email"])
    audit.record(by, audit.Verb.CREATED, referral, person=caregiver, cohort=cohort, fields=["source", "received_on"])
    return caregiver


@transaction.atomic
def record_check(*, caregiver: Caregiver, outcome: str, on: date, by: User | None) -> PoliceCheck:
    """The police check's outcome; the latest counts. With a concern after a place was taken, staff decide."""
    held = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    check = PoliceCheck.objects.create(caregiver=held, outcome=outcome, on=on, recorded_by=by)
    audit.record(by, audit.Verb.CREATED, check, person=caregiver, fields=["outcome", "on"])
    return check
