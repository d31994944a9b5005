"""What a withdrawal does to links, figures and published versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from caregivers.models import Caregiver, ConsentKind, Place
from evaluation.across import releases
from evaluation.across.redrawing import make_across_pdf
from evaluation.collecting import collect
from evaluation.disclosure import differencing
from evaluation.locks import locked_report
from evaluation.models import AcrossReport, Report, ReportVersion, WaveLink
from evaluation.reports import editions
from evaluation.reports.jobs import make_pdf
from ppg.background.jobs import enqueue_on_commit
from programmes.models import Cohort


@transaction.atomic
def withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    """Runs in the transaction of a withdrawal, when the consent no longer stands.

    Their answers are in no figure from here on, by `collect`. Links to questions stop working; published versions
    and reports over many groups are marked, and their PDFs are gone until they are drawn again with the notice. What
    the figures told until now is remembered as numbers (of pairs, and of ways they came), so that the next figures
    hold back what would differ by this person.
    """
    if kind != ConsentKind.EVALUATION:
        return
    places = Place.objects.filter(caregiver=caregiver).select_related("cohort").order_by("cohort")
    for place in places:
        WaveLink.objects.filter(place=place).revoke(at)
        report = locked_report(place.cohort)
        remember(report, differencing.bases(collect.live(place.cohort, at, with_place=place)), at)
        supersede(report, at)
    supersede_across([place.cohort_id for place in places], at)


def supersede(report: Report, at: datetime) -> None:
    """Its published versions are out of date; their PDFs are drawn again with the notice. So is data taken before:
    whoever takes some holds the report meanwhile (`take_data`), so the clock is read while we hold it."""
    report.withdrawn_at = timezone.now()
    report.save(update_fields=["withdrawn_at"])
    _supersede(report.versions.all(), at)


def _supersede(versions: QuerySet[ReportVersion], at: datetime) -> None:
    codes = list(versions.filter(superseded_at=None).values_list("code", flat=True))
    ReportVersion.objects.filter(code__in=codes).update(superseded_at=at, pdf=None, shared_pdf=None)
    for code in codes:
        enqueue_on_commit(make_pdf, code)


def supersede_across(cohorts: Collection[int], at: datetime) -> None:
    """The same for what tells these groups together with others: versions of the other groups, reports over many that
    have read one of these, and those that are being made and may have. For a caller that holds the groups' own reports
    already: whoever publishes takes the two in this order."""
    releases.hold()
    for cohort in Cohort.objects.filter(pk__in=cohorts).order_by("pk"):
        _supersede(editions.pooled_versions(cohort), at)
    reports = AcrossReport.objects.over(cohorts).up_to_date()
    codes = list(reports.values_list("code", flat=True))
    reports.update(superseded_at=at, pdf=None)
    for code in codes:
        enqueue_on_commit(make_across_pdf, code)


def remember(report: Report, bases: Mapping[str, int], at: datetime) -> None:
    """What the figures rested on until now, where they would differ without the answers that have just gone."""
    now = differencing.bases(collect.whole(report.cohort, at))
    differs = {key: n for key, n in bases.items() if now.get(key) != n}
    if differs:
        report.told_before = [*report.told_before, differs]
        report.save(update_fields=["told_before"])
