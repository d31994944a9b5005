"""What a withdrawal does to links, figures and published versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from caregivers.models import Caregiver, ConsentKind, Place
from evaluation import collect, disclosure, told_together
from evaluation.actions.reports import locked_report
from evaluation.jobs import make_across_pdf, make_pdf
from evaluation.models import AcrossReport, Report, ReportVersion, WaveLink
from ppg.jobs import enqueue_on_commit


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
        WaveLink.objects.live(at).filter(place=place).update(revoked_at=at)
        report = locked_report(place.cohort)
        remember(report, disclosure.told(collect.shown(place.cohort, at, with_place=place)), at)
        supersede(report, at)
    supersede_across([place.cohort_id for place in places], at)


def supersede(report: Report, at: datetime) -> None:
    """Its published versions are out of date; their PDFs are drawn again with the notice."""
    for version in report.versions.filter(superseded_at=None).only("code"):
        ReportVersion.objects.filter(pk=version.pk).update(superseded_at=at, pdf=None)
        enqueue_on_commit(make_pdf, version.code)


def supersede_across(cohorts: Collection[int], at: datetime) -> None:
    """The same for reports over many groups that have read one of these, and for those that are being made and may
    have. For a caller that holds the groups' own reports already: whoever publishes takes the two in this order."""
    told_together.hold()
    found = AcrossReport.objects.up_to_date_over(cohorts)
    codes = list(found.values_list("code", flat=True))
    found.update(superseded_at=at, pdf=None)
    for code in codes:
        enqueue_on_commit(make_across_pdf, code)


def remember(report: Report, told: Mapping[str, int], at: datetime) -> None:
    """What the figures told until now, where they would differ without the answers that have just gone."""
    now = disclosure.told(collect.whole(report.cohort, at))
    differs = {key: n for key, n in told.items() if now.get(key) != n}
    if differs:
        report.told_before = [*report.told_before, differs]
        report.save(update_fields=["told_before"])
