"""What the home page and a group's page say at a glance, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, ConsentKind, ConsentWording, Place
from caregivers.record import Event
from evaluation.models import ReportVersion, Wave, WaveLink
from ppg.models import AuditEntry, User
from ppg.permissions import P, can
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


def left_behind(caregiver: Caregiver, kind: str, at: datetime) -> list[str]:
    """For the receipt of a consent that was taken back: reports of their group that came out while it stood."""
    given = caregiver.consents.filter(kind=kind, given=True, at__lte=at).order_by("at").first()
    if kind not in (ConsentKind.EVALUATION, ConsentKind.QUOTES) or given is None:
        return []
    groups = Place.objects.filter(caregiver=caregiver).exclude(taken_on=None).values("cohort")
    return came_out(groups, at, since=given.at)


def came_out(cohorts: Any, until: datetime, since: datetime | None = None) -> list[str]:
    """Reports of these groups that were published in this time, with the last download of each that we know of."""
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts, published_at__lte=until)
    if since:
        versions = versions.filter(published_at__gte=since)
    rows = list(versions.order_by("published_at").values_list("code", "published_at"))
    downloads = AuditEntry.objects.filter(
        verb=AuditEntry.Verb.DOWNLOADED, what=ReportVersion._meta.model_name, ref__in=[code for code, _at in rows]
    )
    last = dict(downloads.filter(at__lte=until).order_by().values_list("ref").annotate(Max("at")))
    return [_came_out(published_at, last.get(code)) for code, published_at in rows]


def _came_out(published_at: datetime, downloaded_at: datetime | None) -> str:
    words = {"day": _day(published_at)}
    if downloaded_at is None:
        return _("A report that came out on %(day)s. Somebody may have printed it.") % words
    words["last"] = _day(downloaded_at)
    return _("A report that came out on %(day)s. Copies of it were made, the last one we know of on %(last)s.") % words


def _day(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), "j F Y")


def unfinished_texts(user: User) -> list[ConsentWording]:
    """Texts in use with blanks that only the council can fill in, for whoever may change them."""
    return ConsentWording.objects.unfinished() if can(user, P.WORDING_EDIT) else []
