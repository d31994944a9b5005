"""Who took data of which group, and what of it is out of date because somebody has withdrawn since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, QuerySet
from django.utils import timezone

from evaluation.models import Report
from ppg.models import AuditEntry, User
from programmes.models import Cohort


def taken(groups: Iterable[Cohort]) -> QuerySet[AuditEntry]:
    """Each time somebody took a data file of one of these groups."""
    of = {"what": Cohort._meta.model_name, "ref__in": [group.code for group in groups]}
    return AuditEntry.objects.filter(verb=AuditEntry.Verb.EXPORTED, fields=["data"], **of).order_by()


@dataclass(frozen=True)
class Taken:
    """Data of a group that this person took last on this day."""

    cohort: Cohort
    on: date


def out_of_date(user: User, cohorts: Iterable[Cohort]) -> list[Taken]:
    """Groups from which somebody has withdrawn since this person last took their data. Two queries for all."""
    rows = list(cohorts)
    last = dict(taken(rows).filter(user=user).values_list("ref").annotate(Max("at")))
    reports = Report.objects.filter(cohort__in=rows).exclude(withdrawn_at=None)
    withdrawn = dict(reports.values_list("cohort__code", "withdrawn_at"))
    old = [row for row in rows if row.code in last and row.code in withdrawn]
    old = [row for row in old if withdrawn[row.code] >= last[row.code]]
    return [Taken(row, timezone.localdate(last[row.code])) for row in old]
