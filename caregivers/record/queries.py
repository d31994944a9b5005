"""Who opened somebody's record."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from caregivers.models import Caregiver
from ppg.models import AuditEntry

LATEST = 5


def opened_by(caregiver: Caregiver) -> list[tuple[str, datetime]]:
    """The last few of staff who opened it, each with the last time. Lists that only had the name are not in it."""
    entries = AuditEntry.objects.filter(
        verb=AuditEntry.Verb.SAW, what=caregiver._meta.model_name, ref=caregiver.code, page=""
    )
    latest = entries.exclude(user=None).order_by().values("user__name").annotate(at=Max("at"), last=Max("id"))
    return list(latest.order_by("-last").values_list("user__name", "at")[:LATEST])
