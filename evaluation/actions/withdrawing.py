"""What a withdrawal does to links, figures and published versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from caregivers.models import Caregiver, ConsentKind, Place
from evaluation import collect, disclosure
from evaluation.actions.reports import locked_report
from evaluation.jobs import make_pdf
from evaluation.models import Report, ReportVersion, WaveLink
from ppg.jobs import enqueue_on_commit


@transaction.atomic
def withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    """Runs in the transaction of a withdrawal, when the consent no longer stands.

    Their answers are in no figure from here on, by `collect`. Links to questions stop working; published versions
    are marked, and their PDFs are gone until they are drawn again with the notice. What the figures told until now
    is remembered as numbers (of pairs, and of ways they came), so that the next figures hold back what would differ by
    this person.
    """
    if kind != ConsentKind.EVALUATION:
        return
    for place in Place.objects.filter(caregiver=caregiver).select_related("cohort").order_by("cohort"):
        WaveLink.objects.live(at).filter(place=place).update(revoked_at=at)
        report = locked_report(place.cohort)
        remember(report, disclosure.told(collect.shown(place.cohort, at, with_place=place)), at)
        supersede(report, at)


def supersede(report: Report, at: datetime) -> None:
    """Its published versions are out of date; their PDFs are drawn again with the notice."""
    for version in report.versions.filter(superseded_at=None).only("code"):
        ReportVersion.objects.filter(pk=version.pk).update(superseded_at=at, pdf=None)
        enqueue_on_commit(make_pdf, version.code)


def remember(report: Report, told: Mapping[str, int], at: datetime) -> None:
    """What the figures told until now, where they would differ without the answers that have just gone."""
    now = disclosure.told(collect.whole(report.cohort, at))
    differs = {key: n for key, n in told.items() if now.get(key) != n}
    if differs:
        report.told_before = [*report.told_before, differs]
        report.save(update_fields=["told_before"])
