"""Reports over many groups: asking for one, seeing how far it is, reading it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.across import actions
from evaluation.across.context import context
from evaluation.across.forms import AcrossForm
from evaluation.across.jobs import make
from evaluation.across.stored import all_tables, figures_of, groups_of, made_on
from evaluation.data import files as data_files
from evaluation.models import AcrossReport
from ppg.access.marks import FILE, requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.forms.effects import once

PAGE = 20
PDF = "application/pdf"


@requires(P.ACROSS)
@require_http_methods(["GET", "HEAD", "POST"])
def across(request: HttpRequest) -> HttpResponse:
    form = AcrossForm(request.POST or None)
    if form.is_valid():
        try:
            return redirect("evaluation:across_report", ask(request, form))
        except Refused as refused:
            form.add_error("from_on", str(refused))
    earlier = AcrossReport.objects.visible_to(request.user).select_related("programme", "asked_by")
    page = Paginator(earlier.defer("figures", "counts", "pdf"), PAGE).get_page(request.GET.get("page"))
    shown = {"form": form, "page": page}
    return render(request, "evaluation/across/list.html", shown, status=422 if form.is_bound else 200)


def ask(request: HttpRequest, form: AcrossForm) -> str:
    """The report's code, the same for a form that is sent twice."""
    fields = dict(form.cleaned_data)

    def do() -> str:
        report = actions.ask(by=request.user, **fields)
        enqueue_on_commit(make, report.code)
        return report.code

    return once(fields.pop("effect_key"), do, by=request.user, of="across")


@requires(P.ACROSS)
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    row = find(request, code)
    if row.state != AcrossReport.State.DONE:
        return render(request, "evaluation/across/progress.html", {"report": row, "how_far": how_far(row)})
    audit.record(request.user, audit.Verb.SAW, row)
    return render(request, "evaluation/across/report.html", context(row, figures_of(row), groups_of(row)))


@requires(P.ACROSS)
@require_safe
def progress(request: HttpRequest, code: str) -> HttpResponse:
    row = find(request, code, "figures", "pdf")
    going = row.state in actions.GOING
    answer = JsonResponse({"going": going, "done": row.done, "of": row.of, "words": how_far(row)})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(P.ACROSS)
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    row = find(request, code, "figures", "pdf")
    if row.state != AcrossReport.State.CANCELLED:  # pressed twice
        actions.cancel(report=row, by=request.user)
    return redirect(row)


@requires(P.ACROSS)
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, PDF)


@requires(P.ACROSS, again=FILE)
@require_safe
def xlsx(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, data_files.XLSX)


@requires(P.ACROSS, again=FILE)
@require_safe
def csv(request: HttpRequest, code: str) -> HttpResponse:
    return download(request, code, data_files.ZIP)


def download(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The file names nobody: it lies in a folder of downloads afterwards."""
    row = find(request, code)
    if row.state != AcrossReport.State.DONE:
        raise Refused(_("This report is not ready, so there is nothing to download."))
    if kind in (data_files.XLSX, data_files.ZIP) and row.superseded_at:  # these carry no notice
        raise Refused(_("Somebody has withdrawn since this report was made. Make a new one for the data."))
    if kind == PDF and row.pdf is None:
        raise Refused(_("The PDF is being made. Try again in a minute; the page has everything that is in it."))
    content = {
        data_files.XLSX: lambda: data_files.workbook(all_tables(row)),
        data_files.ZIP: lambda: data_files.archive(all_tables(row)),
    }.get(kind, lambda: bytes(row.pdf))()
    name = f"report-{data_files.piece(row.code)}.pdf" if kind == PDF else data_files.name(row.code, made_on(row), kind)
    audit.record(request.user, audit.Verb.DOWNLOADED, row)
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def find(request: HttpRequest, code: str, *without: str) -> AcrossReport:
    reports = AcrossReport.objects.visible_to(request.user).select_related("programme", "asked_by").defer(*without)
    return get_object_or_404(reports, code=code)


def how_far(report: AcrossReport) -> str:
    words = ngettext("%(done)s of %(of)s group", "%(done)s of %(of)s groups", report.of)
    return words % {"done": f"{report.done:,}", "of": f"{report.of:,}"}
