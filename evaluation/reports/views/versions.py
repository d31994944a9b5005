"""Published versions of the report: both editions, as pages and as PDFs, and how the next one would look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.collecting import collect
from evaluation.data.files import piece
from evaluation.figures.shapes import SHARED, TEAM
from evaluation.models import Report, ReportVersion
from evaluation.reports import drafting, editions, pages
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from programmes.models import Cohort


@requires(P.REPORT_READ)
@require_safe
def version(request: HttpRequest, code: str) -> HttpResponse:
    """A published version as a page: the accessible form of the report, as its team reads it."""
    return page(request, code, TEAM)


@requires(P.REPORT_READ)
@require_safe
def shared(request: HttpRequest, code: str) -> HttpResponse:
    """The same version as it may leave the team."""
    return page(request, code, SHARED)


def page(request: HttpRequest, code: str, edition: str) -> HttpResponse:
    published = ReportVersion.objects.visible_to(request.user).with_pdf_state()
    row = get_object_or_404(published.select_related("report__cohort", "published_by"), code=code)
    figures = pages.figures_of(row, edition)
    if figures is None:
        raise Refused(_("This version was published before there was an edition to share. Publish the next one."))
    of_report = ReportVersion.objects.visible_to(request.user).filter(report=row.report)
    others = list(of_report.without_contents().exclude(pk=row.pk))
    audit.record(request.user, audit.Verb.SAW, row, cohort=row.report.cohort)
    cover = pages.cover_of(row)
    shown = pages.context(figures, row.text, quotes=row.quotes, recommendations=row.recommendations, about=cover)
    context = shown | {
        "version": row,
        "cover": cover,
        "others": others,
        "newer": next(
            (version for version in others if version.number > row.number and not version.superseded_at), None
        ),
        "cohort": row.report.cohort,
    }
    return render(request, "evaluation/reports/version.html", context)


@requires(P.REPORT_READ)
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, "pdf", _("report-%(piece)s-version-%(number)s.pdf"))


@requires(P.REPORT_READ)
@require_safe
def shared_pdf(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, "shared_pdf", _("report-to-share-%(piece)s-version-%(number)s.pdf"))


def download(request: HttpRequest, code: str, which: str, name: str) -> HttpResponse:
    """which: the column it is in. The name is neutral: somebody else may see the folder. A piece of the group's code
    tells two groups apart in it."""
    row = get_object_or_404(ReportVersion.objects.visible_to(request.user).select_related("report__cohort"), code=code)
    made = getattr(row, which)
    if made is None:
        raise Refused(_("The PDF is being made. Try again in a minute; the page has everything that is in it."))
    audit.record(request.user, audit.Verb.DOWNLOADED, row, cohort=row.report.cohort)
    words = {"piece": piece(row.report.cohort.code), "number": row.number}
    headers = {"Content-Disposition": f'attachment; filename="{name % words}"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(made), content_type="application/pdf", headers=headers)


@requires(P.REPORT_WRITE)
@require_safe
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """What would be published now, in either edition."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    report = Report.objects.visible_to(request.user).filter(cohort=cohort).first()
    now = timezone.now()
    to_share = request.GET.get("edition") == SHARED
    figures = editions.preview(cohort, now) if to_share else collect.live(cohort, now)
    cover = pages.cover_now(cohort, 0, now)
    context = pages.context(
        figures,
        report.text if report else {},
        quotes=drafting.quotes(report) if report else [],
        recommendations=drafting.recommendations(report) if report else [],
        about=cover,
    )
    context |= {"cohort": cohort, "cover": cover}
    return render(request, "evaluation/reports/preview.html", context)
