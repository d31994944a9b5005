"""The PDFs of a published version, drawn by the worker. Safe to repeat."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from evaluation.figures.shapes import SHARED, TEAM
from evaluation.models import ReportVersion
from evaluation.reports.pages import print_version
from ppg.documents.pdf import render_pdf


@task()
def make_pdf(code: str) -> None:
    """Draws a version's PDFs, one for each edition. If it was superseded while we drew, or words quoted in it were
    taken out, ours are not kept: the job that came with that change draws them again."""
    version = ReportVersion.objects.defer("pdf", "shared_pdf").get(code=code)
    drawn = [print_version(version, edition) for edition in (TEAM, SHARED)]
    team, shared = (html and render_pdf(html) for html in drawn)
    with transaction.atomic():
        now = ReportVersion.objects.select_for_update().defer("pdf", "shared_pdf").get(code=code)
        if (now.superseded_at, now.quotes) == (version.superseded_at, version.quotes):
            now.pdf, now.shared_pdf = team, shared
            now.save(update_fields=["pdf", "shared_pdf"])
