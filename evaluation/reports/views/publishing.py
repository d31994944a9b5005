"""The look before a version is published: what is new in it, who will read it, and that it cannot be changed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from evaluation.across import releases
from evaluation.collecting import collect
from evaluation.figures.shapes import Figures
from evaluation.models import Report, ReportVersion
from evaluation.reports import actions, drafting, pages
from evaluation.reports.forms import PublishForm
from evaluation.reports.queries import why_not_publish
from evaluation.reports.sections import ALL
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.documents import in_words
from ppg.forms.effects import once


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, code: str) -> HttpResponse:
    reports = Report.objects.visible_to(request.user).select_related("cohort__programme")
    report = get_object_or_404(reports, cohort__code=code)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        looked_at = {"last": form.cleaned_data["version"], "seen": form.cleaned_data["seen"]}
        key = form.cleaned_data["effect_key"]
        try:
            made = once(
                key,
                lambda: actions.publish(cohort=report.cohort, by=request.user, **looked_at).code,
                by=request.user,
                of=f"publish {report.cohort.code}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Published. The PDF will be ready in a minute."))
            return redirect("evaluation:version", made)
    last = report.versions.without_contents().select_related("published_by").first()
    context = {"cohort": report.cohort, "form": form, "last": last, "number": last.number + 1 if last else 1}
    context["key"] = str(uuid.uuid4())
    context |= {"seen": report.stamp, "why_not": why_not_publish(report, None, timezone.now())}
    context |= new(report, last)
    return render(request, "evaluation/reports/publish.html", context, status=409 if form.is_bound else 200)


def new(report: Report, last: ReportVersion | None) -> dict[str, object]:
    """What the next version has that the last one had not."""
    now = timezone.now()
    about = pages.cover_now(report.cohort, 0, now)
    quotes, recommendations = drafting.quotes(report), drafting.recommendations(report)
    words = [*report.text.values(), *(row["words"] for row in quotes), *(row["text"] for row in recommendations)]
    context: dict[str, object] = {
        "running": about.still_running,
        "signs_for_words": in_words.signs_for_words("".join(words)),
    }
    if last is None:
        return context
    before = report.versions.only("text", "figures", "quotes", "recommendations").get(pk=last.pk)
    sections = [s.title for s in ALL if report.text.get(s.key, "").strip() != before.text.get(s.key, "").strip()]
    rest = (quotes, recommendations) != (before.quotes, before.recommendations)
    figures = releases.compared_with_releases(report.cohort, collect.shown(report.cohort, now))
    parts = changed(figures, Figures.from_dict(before.figures))
    return context | {"sections": sections, "figures": parts, "rest": rest, "same": not (sections or parts or rest)}


# The parts of the report in their order, and what of the figures stands in each.
PARTS = {
    gettext_lazy("who came"): ("reach", "dose", "sessions"),
    gettext_lazy("what was delivered"): ("delivery", "methods", "suggestions"),
    gettext_lazy("what people said after the sessions"): ("feedback",),
    gettext_lazy("what changed for people"): ("domains", "ways"),
}


def changed(now: Figures, before: Figures) -> list[str]:
    return [str(part) for part, names in PARTS.items() if any(getattr(now, n) != getattr(before, n) for n in names)]
