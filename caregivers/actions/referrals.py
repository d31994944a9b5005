"""How somebody reaches us."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from caregivers.models import (
    Caregiver,
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
