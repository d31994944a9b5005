"""The PDF of a report over many groups, drawn again by the worker once somebody in it has withdrawn."""

from __future__ import annotations

from django_tasks import task

from evaluation.across.context import print_html
from evaluation.across.stored import figures_of, groups_of
from evaluation.models import AcrossReport
from ppg.documents.pdf import render_pdf


@task()
def make_across_pdf(code: str) -> None:
    """Draws the PDF of a report over many groups again, as it is superseded. One that is still being made is drawn
    when it is ready."""
    report = AcrossReport.objects.select_related("programme").defer("counts", "pdf").get(code=code)
    if report.state != AcrossReport.State.DONE:
        return
    pdf = render_pdf(print_html(report, figures_of(report), groups_of(report)))
    AcrossReport.objects.filter(pk=report.pk, superseded_at=report.superseded_at).update(pdf=pdf)
