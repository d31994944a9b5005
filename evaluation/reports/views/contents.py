"""What stands in a report beside its text: recommendations, and people's own words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.reports import actions
from evaluation.reports.forms import RecommendationForm
from evaluation.reports.queries import quotes_chosen
from evaluation.reports.views.writing import cohort_and_report
from feedback.quotes.queries import standing, unsigned
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendations(request: HttpRequest, code: str) -> HttpResponse:
    """The list, and a form for one more; with `?change=` for one of them."""
    cohort, report = cohort_and_report(request, code)
    do, which = request.POST.get("do", ""), request.POST.get("which", "")
    if do in ("up", "down"):
        actions.move_recommendation(cohort=cohort, code=which, way=do, by=request.user)
        return redirect("evaluation:recommendations", cohort.code)
    if do == "remove":
        actions.remove_recommendation(cohort=cohort, code=which, by=request.user)
        messages.success(request, _("The recommendation is removed."))
        return redirect("evaluation:recommendations", cohort.code)
    rows = list(report.recommendations.all()) if report else []
    changing = request.GET.get("change", "")
    row = get_object_or_404(report.recommendations.filter(code=changing)) if report and changing else None
    initial = {"text": row.text, "owner": row.owner, "due_on": row.due_on} if row else None
    form = RecommendationForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "owner", "due_on")}
        try:
            if row:
                actions.change_recommendation(cohort=cohort, code=row.code, by=request.user, **given)
            else:
                key = form.cleaned_data["effect_key"]
                once(
                    key,
                    lambda: actions.recommend(cohort=cohort, by=request.user, **given).code,
                    by=request.user,
                    of=f"recommend {cohort.code}",
                )
            return redirect("evaluation:recommendations", cohort.code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    most = actions.MOST_RECOMMENDATIONS
    full = len(rows) >= most and not form.is_bound
    page = {"cohort": cohort, "rows": rows, "form": form, "changing": row, "full": full, "most": most}
    return render(request, "evaluation/reports/recommendations.html", page, status=422 if form.is_bound else 200)


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: HttpRequest, code: str) -> HttpResponse:
    """Which of the words that may stand do, and in which order."""
    cohort, report = cohort_and_report(request, code)
    if request.method == "POST":
        do, given = request.POST.get("do", ""), {"cohort": cohort, "code": request.POST.get("which", "")}
        if do == "add":
            actions.choose_quote(by=request.user, **given)
        elif do == "remove":
            actions.leave_out_quote(by=request.user, **given)
        else:
            actions.move_quote(by=request.user, way=do, **given)
        return redirect("evaluation:report_quotes", cohort.code)
    chosen = quotes_chosen(report) if report else []
    others = standing(cohort).exclude(pk__in=[row.quote_id for row in chosen]).prefetch_related("themes")
    most = actions.MOST_QUOTES
    page = {"cohort": cohort, "chosen": chosen, "to_choose": others, "full": len(chosen) >= most, "most": most}
    page["unsigned"] = unsigned(cohort)
    return render(request, "evaluation/reports/quotes.html", page)
