"""What the home page says: the session that is next, and each group at a glance, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.models import Place
from evaluation.data.queries import out_of_date
from evaluation.models import Report, ReportVersion
from feedback.models import Form
from ppg.access.permissions import P, can
from ppg.database.counts import how_many
from ppg.models import User
from programmes.models import Cohort
from sessions_app.due import LATELY
from sessions_app.models import Session

PAGE = 20


# --- Groups ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Glance:
    """One group: where it stands, how many are in it, what was published last."""

    cohort: Cohort
    today: date

    @property
    def next_at(self) -> datetime | None:
        return self.cohort.next_at  # type: ignore[attr-defined]

    @property
    def phase(self) -> str:
        return PHASES[self.cohort.stage]  # type: ignore[attr-defined]

    @property
    def words(self) -> str:
        """ "Week 3 of 6", "Starts 3 March", "Finished 2 May"."""
        row: Any = self.cohort
        if self.phase == "running":
            return _("Week %(n)s of %(of)s") % {"n": min(row.held + 1, row.planned), "of": row.planned}
        if self.phase == "finished":
            return _("Ended %(day)s") % {"day": day_of(row.last_at, self.today)}
        return _("Starts %(day)s") % {"day": day_of(row.next_at, self.today)} if row.next_at else _("No dates yet")

    @property
    def colour(self) -> str:
        return {"running": "green", "starting": "blue", "finished": "grey"}[self.phase]


PHASES = ("running", "starting", "finished")


def day_of(at: datetime, today: date) -> str:
    day = timezone.localdate(at)
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def glances(user: User, now: datetime, number: str | None) -> tuple[Page, list[Glance]]:
    """A page of somebody's groups: those that run by their next date, then those that start, then the last finished.
    Two queries. Who sees all groups finds here those that go on and the newest; the page of all groups has the rest."""
    groups = Cohort.objects.visible_to(user)
    if not groups.query.where:
        lately = Session.objects.taking_place().filter(starts_at__gte=now - LATELY)
        newest = Cohort.objects.order_by("-pk").values("pk")[:PAGE]
        groups = groups.filter(Q(pk__in=lately.values("cohort")) | Q(pk__in=newest))
    page = Paginator(_with_dates(groups, now), PAGE).get_page(number)
    return page, [Glance(row, timezone.localdate(now)) for row in page]


def all_groups(user: User, now: datetime, number: str | None) -> tuple[Page, list[Glance]]:
    """Every group, the newest first."""
    page = Paginator(Cohort.objects.visible_to(user).values_list("pk", flat=True), PAGE).get_page(number)
    rows = {row.pk: row for row in _with_dates(Cohort.objects.filter(pk__in=list(page)), now)}
    return page, [Glance(rows[pk], timezone.localdate(now)) for pk in page]


def _with_dates(groups: QuerySet[Cohort], now: datetime) -> QuerySet[Cohort]:
    meetings = Session.objects.filter(cohort=OuterRef("pk"), cancelled_at=None)
    begun_then = Q(starts_at__lt=now - timedelta(hours=2)) | Q(closed_at__isnull=False)
    coming, begun = meetings.exclude(begun_then).order_by("starts_at"), meetings.filter(begun_then)
    versions = ReportVersion.objects.filter(report__cohort=OuterRef("pk")).order_by("-number")
    rows = groups.select_related("programme").annotate(
        next_at=Subquery(coming.values("starts_at")[:1]),
        last_at=Subquery(begun.order_by("-starts_at").values("starts_at")[:1]),
        planned=how_many(meetings.filter(extra=False), "cohort"),
        held=how_many(begun.filter(extra=False), "cohort"),
        taken=how_many(Place.objects.filter(cohort=OuterRef("pk")).in_group(), "cohort"),
        version_code=Subquery(versions.values("code")[:1]),
        version_number=Subquery(versions.values("number")[:1]),
        version_old=Subquery(versions.values("superseded_at")[:1]),
    )
    return rows.annotate(
        stage=Case(
            When(next_at__isnull=False, last_at__isnull=False, then=Value(0)),
            When(last_at__isnull=True, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ).order_by("stage", F("next_at").asc(nulls_last=True), F("last_at").desc(nulls_last=True), "-pk")


def newest_reports(user: User) -> list[ReportVersion]:
    """For who reads reports of groups that they do not work with."""
    if not can(user, P.ACROSS):
        return []
    newest = ReportVersion.objects.order_by("-pk").values("pk")[:REPORTS]
    versions = ReportVersion.objects.visible_to(user).filter(pk__in=newest).without_contents()
    return list(versions.select_related("report__cohort").order_by("-pk"))


REPORTS = 5


# --- For who takes data ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    """A group whose data is open to somebody: when it changed last, and whether it did since they took it."""

    cohort: Cohort
    changed: date | None
    old: bool


def opened(user: User) -> list[Opened]:
    """For who takes data and sees no groups. Three queries."""
    if can(user, P.COHORT_SEE) or not can(user, P.DATA_TAKE):
        return []
    closed = Session.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort")
    forms = Form.objects.filter(cohort=OuterRef("pk"), opened_with__isnull=False).order_by().values("cohort")
    withdrawn = Report.objects.filter(cohort=OuterRef("pk")).values("withdrawn_at")[:1]
    rows = (
        Cohort.objects.opened_to(user)
        .select_related("programme")
        .annotate(
            met=Subquery(closed.annotate(at=Max("closed_at")).values("at")),
            answered=Subquery(forms.annotate(at=Max("closed_at")).values("at")),
            withdrawn=Subquery(withdrawn),
        )
    )
    groups = list(rows)
    old = {one.cohort.pk for one in out_of_date(user, groups)}
    return [Opened(row, _latest(row.met, row.answered, row.withdrawn), row.pk in old) for row in groups]


def _latest(*moments: datetime | None) -> date | None:
    known = [at for at in moments if at]
    return timezone.localdate(max(known)) if known else None
