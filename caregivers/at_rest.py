"""Encrypts what the version before writes readable during an upgrade: outcomes of checks, whom a concern is about.

The next version, which no older one runs beside, drops those columns and the sweep.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models

from caregivers.models import Concern, Information, PoliceCheck

ANSWERS = ("clear", "concern")


def sweep(_now: datetime) -> None:
    """Once a minute. Done twice, it is done once."""
    seal_checks(PoliceCheck.objects.all())
    for model in (Concern, Information):
        seal_subjects(model.objects.all())


def seal_checks(checks: models.QuerySet) -> None:
    for pk, outcome in list(checks.filter(outcome__isnull=True).values_list("pk", "outcome_before")):
        row = checks.filter(pk=pk, outcome__isnull=True)
        row.update(outcome=outcome, answered=outcome in ANSWERS, outcome_before="asked")


def seal_subjects(things: models.QuerySet) -> None:
    for pk, code in list(things.exclude(caregiver_before=None).values_list("pk", "caregiver_before__code")):
        things.filter(pk=pk).update(subject=code, caregiver_before=None)
