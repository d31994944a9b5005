"""Taking a group's data along."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evaluation.data import about
from evaluation.data.tables import Table
from evaluation.locks import locked_report
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort


@transaction.atomic
def take_data(*, cohort: Cohort, by: User, at: datetime | None = None) -> list[Table]:
    """The tables of a data file. A withdrawal holds the same lock: either it comes first, and the file is without that
    person, or the entry in the trail is older than `Report.withdrawn_at`, and the file is known to be out of date."""
    locked_report(cohort)
    made = about.tables_of(cohort, at or timezone.now(), by)
    audit.record(by, audit.Verb.EXPORTED, cohort, cohort=cohort, fields=["data"])
    return made
