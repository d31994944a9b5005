"""What is due by the sessions of a group, and which groups go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from programmes.models import Cohort
from sessions_app.models import Session

LATELY = timedelta(weeks=4)  # what a group leaves behind is put in order by then


def going_on(cohorts: QuerySet[Cohort], now: datetime) -> QuerySet[Cohort]:
    """Those that have a session to come or had their last one not long ago, and those that have none yet."""
    sessions = Session.objects.filter(cohort=OuterRef("pk"), cancelled_at=None)
    return cohorts.filter(Exists(sessions.filter(starts_at__gte=now - LATELY)) | ~Exists(sessions))
