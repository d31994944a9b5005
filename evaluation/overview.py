"""What the home page and a group's page say at a glance, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Place
from caregivers.record import Event
from evaluation.models import ReportVersion, Wave, WaveLink
from ppg.models import User
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


def places_taken(cohorts: Iterable[Cohort]) -> dict[int, int]:
    """How many are in each group; a group that is missing has nobody."""
    places = Place.objects.filter(cohort__in=cohorts).in_group().order_by()
    return dict(places.values_list("cohort").annotate(Count("id")))


def last_published(cohorts: Iterable[Cohort]) -> dict[int, ReportVersion]:
    """The newest version of each group's report."""
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts).without_contents().order_by("number")
    return {version.report.cohort_id: version for version in versions}


def events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """For a caregiver's record: when they were asked and answered, by the day."""
    waves = Wave.objects.visible_to(user)
    links = WaveLink.objects.filter(place__caregiver=caregiver, wave__in=waves, used_at__isnull=False)
    for link in links.select_related("wave__cohort"):
        text = _("Answered the questions: %(when)s") % {"when": str(link.wave).lower()}
        yield Event(timezone.localdate(link.used_at), text, str(link.wave.cohort))
