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
from evaluation.collect import consenting_places
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


@dataclass
class Asked:
    """One person in one round: whether they may be asked and have answered."""

    place: Place
    agreed: bool
    answered: bool


@dataclass
class Round:
    """Before or after: not opened yet (`wave` is None), open, or closed."""

    point: str
    label: str
    wave: Wave | None
    is_open: bool
    people: list[Asked]

    @property
    def agreed(self) -> int:
        return sum(person.agreed for person in self.people)

    @property
    def answered(self) -> int:
        return sum(person.answered for person in self.people)


def asked_people(cohort: Cohort, now: datetime) -> list[Round]:
    """Both rounds with everybody in the group, and whoever left it after it began. A constant number of queries."""
    waves = {wave.point: wave for wave in Wave.objects.filter(cohort=cohort).select_related("form")}
    places = Place.objects.filter(cohort=cohort).exclude(taken_on=None).select_related("caregiver")
    people = sorted(places, key=lambda place: place.caregiver.called.casefold())
    agreed = consenting_places(cohort)
    done: dict[int, set[int]] = {}
    used = WaveLink.objects.filter(wave__cohort=cohort, used_at__isnull=False).values_list("wave", "place")
    for wave_id, place_id in used:
        done.setdefault(wave_id, set()).add(place_id)
    rounds = []
    for point in (Wave.Point.BEFORE, Wave.Point.AFTER):
        wave = waves.get(point)
        answered = done.get(wave.pk, set()) if wave else set()
        rows = [Asked(place, place.pk in agreed, place.pk in answered) for place in people]
        rounds.append(Round(point, str(point.label), wave, bool(wave and wave.is_open(now)), rows))
    return rounds


def events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """For a caregiver's record: when they were asked and answered, by the day."""
    waves = Wave.objects.visible_to(user)
    links = WaveLink.objects.filter(place__caregiver=caregiver, wave__in=waves, used_at__isnull=False)
    for link in links.select_related("wave__cohort"):
        text = _("Answered the questions: %(when)s") % {"when": str(link.wave).lower()}
        yield Event(timezone.localdate(link.used_at), text, str(link.wave.cohort))
