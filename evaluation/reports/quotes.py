"""Quotes in reports: what becomes of them there when they are taken out."""

from __future__ import annotations

from datetime import datetime

from evaluation.actions.reports import locked_report
from evaluation.jobs import make_pdf
from evaluation.models import ChosenQuote, ReportVersion
from ppg.jobs import enqueue_on_commit
from programmes.models import Cohort


def take_out(codes: set[str], cohorts: set[int], at: datetime) -> None:
    """Out of the report being written, and out of every published version, where a note stays in their place.

    Runs in the transaction that takes them out. The report is held: what is published at this moment either has read
    that they are gone, or is found here.
    """
    for cohort in Cohort.objects.filter(pk__in=cohorts).order_by("pk"):
        report = locked_report(cohort)
        ChosenQuote.objects.filter(report=report, quote__code__in=codes).delete()
        for version in ReportVersion.objects.select_for_update().filter(report=report).defer("pdf", "shared_pdf"):
            _out_of(version, codes, at)


def _out_of(version: ReportVersion, codes: set[str], at: datetime) -> None:
    if not any(one.get("code") in codes for one in version.quotes):
        return
    version.quotes = [one | {"words": ""} if one.get("code") in codes else one for one in version.quotes]
    version.superseded_at = version.superseded_at or at
    version.pdf = version.shared_pdf = None
    version.save(update_fields=["quotes", "superseded_at", "pdf", "shared_pdf"])
    enqueue_on_commit(make_pdf, version.code)
