"""What the home page and a group's page say at a glance, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from caregivers.models import Place
from evaluation.models import ReportVersion
from programmes.models import Cohort
from sessions_app.models import Session


@dataclass
class Glance:
    """One group: how many are in it, what comes next, what was published last."""

    cohort: Cohort
    taken: int
    next_session: Session | None
    version: ReportVersion | None


def glances(cohorts: Iterable[Cohort], now: datetime) -> list[Glance]:
    """Three queries for any number of groups. The PDFs themselves stay in the database."""
    rows = list(cohorts)
    taken = dict(
        Place.objects.filter(cohort__in=rows).in_group().order_by().values_list("cohort").annotate(Count("id"))
    )
    coming: dict[int, Session] = {}
    for session in Session.objects.filter(cohort__in=rows).upcoming(now):
        coming.setdefault(session.cohort_id, session)
    published: dict[int, ReportVersion] = {}
    for version in ReportVersion.objects.filter(report__cohort__in=rows).without_contents().order_by("number"):
        published[version.report.cohort_id] = version
    return [Glance(row, taken.get(row.pk, 0), coming.get(row.pk), published.get(row.pk)) for row in rows]
