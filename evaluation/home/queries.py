"""What the home page says of each group at a glance, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evaluation.group.queries import places_taken
from evaluation.models import ReportVersion
from evaluation.reports.queries import last_published
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
    taken, published = places_taken(rows), last_published(rows)
    coming: dict[int, Session] = {}
    for session in Session.objects.filter(cohort__in=rows).upcoming(now):
        coming.setdefault(session.cohort_id, session)
    return [Glance(row, taken.get(row.pk, 0), coming.get(row.pk), published.get(row.pk)) for row in rows]
