"""The report: written beside the figures, published in numbered versions, read and downloaded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import actions, collect
from evaluation import report as pages
from evaluation.figures import Figures
from evaluation.forms import ReportForm
from evaluation.models import Report, ReportVersion
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from ppg.refusals import Refused
from programmes.models import Cohort


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    kept = Report.objects.visible_to(request.user).filter(cohort=cohort).first()
    words = (kept.text if kept else {}) | {"seen": actions.stamp(kept)}
    form = ReportForm(request.POST or None, initial=words)
    status = 422 if form.is_bound else 200
    if form.is_valid() and wants_publishing(request):
        form.need(actions.missing(form.text()))
    if form.is_valid():
        try:
            return saved(request, cohort, form)
        except actions.SavedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            fresh = Report.objects.visible_to(request.user).get(cohort=cohort)
            typed = request.POST.copy()
            typed["seen"] = actions.stamp(fresh)  # Save pressed again means it
            form.data = typed
            status = 409
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    if form.is_bound and is_script(request):
        errors = [str(error) for row in form.errors.values() for error in row]
        return JsonResponse({"errors": errors}, status=status)
    shown = collect.shown(cohort, timezone.now())
    versions = ReportVersion.objects.visible_to(request.user).filter(report__cohort=cohort).without_contents()
    page = pages.context(shown, {}) | {"cohort": cohort, "form": form, "report": kept, "versions": versions}
    return render(request, "evaluation/report.html", page, status=status)


def saved(request: HttpRequest, cohort: Cohort, form: ReportForm) -> HttpResponse:
    """Kept as it is; or kept and published."""
    kept = actions.save_text(cohort=cohort, text=form.text(), seen=form.cleaned_data["seen"], by=request.user)
    if is_script(request):
        at = timezone.localtime(kept.edited_at).strftime("%H:%M") if kept.edited_at else ""
        return JsonResponse({"saved": at, "seen": actions.stamp(kept)})
    if not wants_publishing(request):
        messages.success(request, _("The text is saved."))
        return redirect("evaluation:report", cohort.code)
    version = once(form.cleaned_data["effect_key"], lambda: actions.publish(cohort=cohort, by=request.user).code)
    messages.success(request, _("Published. The PDF will be ready in a minute."))
    return redirect("evaluation:version", version)


def wants_publishing(request: HttpRequest) -> bool:
    return request.POST.get("do") == "publish"


def is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


@requires(P.REPORT_READ)
@require_safe
def version(request: HttpRequest, code: str) -> HttpResponse:
    """A published version as a page: the accessible form of the report."""
    published = ReportVersion.objects.visible_to(request.user).with_pdf_state()
    row = get_object_or_404(published.select_related("report__cohort", "published_by"), code=code)
    others = (
        ReportVersion.objects.visible_to(request.user).filter(report=row.report).without_contents().exclude(pk=row.pk)
    )
    audit.record(request.user, audit.Verb.SAW, row, cohort=row.report.cohort)
    page = pages.context(Figures.from_dict(row.figures), row.text)
    return render(
        request,
        "evaluation/version.html",
        page | {"version": row, "cover": pages.cover_of(row), "others": others, "cohort": row.report.cohort},
    )


@requires(P.REPORT_READ)
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    row = get_object_or_404(ReportVersion.objects.visible_to(request.user).select_related("report__cohort"), code=code)
    if row.pdf is None:
        raise Refused(_("The PDF is being made. Try again in a minute; the page has everything that is in it."))
    audit.record(request.user, audit.Verb.DOWNLOADED, row, cohort=row.report.cohort)
    name = f"report-version-{row.number}.pdf"  # neutral: somebody else may see the folder
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(row.pdf), content_type="application/pdf", headers=headers)
