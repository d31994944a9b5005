"""What stands in a report beside its text: recommendations, and people's own words."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.models import Recommendation, Report
from evaluation.reports import actions
from evaluation.reports.forms import RecommendationForm
from evaluation.reports.queries import quotes_chosen
from evaluation.reports.views.writing import cohort_and_report
from feedback.quotes.queries import standing, unsigned
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once
from programmes.models import Cohort

# --- Recommendations -------------------------------------------------------------------------------


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendations(request: HttpRequest, code: str) -> HttpResponse:
    """The list, and a form for one more."""
    cohort, report = cohort_and_report(request, code)
    form = RecommendationForm(request.POST or None)
    if form.is_valid():
        try:
            once(
                form.cleaned_data["effect_key"],
                lambda: actions.recommend(cohort=cohort, by=request.user, **form.values()).code,
                by=request.user,
                of=f"recommend {cohort.code}",
            )
            return redirect("evaluation:recommendations", cohort.code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _shown(request, cohort, report, form)


@requires(P.REPORT_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_change(request: HttpRequest, code: str, which: str) -> HttpResponse:
    """The list, and a form for one of them."""
    cohort, report = cohort_and_report(request, code)
    row = get_object_or_404(Recommendation, report=report, code=which)
    form = RecommendationForm(
        request.POST or None, initial={"text": row.text, "owner": row.owner, "due_on": row.due_on}
    )
    if form.is_valid():
        try:
            actions.change_recommendation(cohort=cohort, code=which, by=request.user, **form.values())
            return redirect("evaluation:recommendations", cohort.code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _shown(request, cohort, report, form, row)


def _shown(
    request: HttpRequest,
    cohort: Cohort,
    report: Report | None,
    form: RecommendationForm,
    changing: Recommendation | None = None,
) -> HttpResponse:
    rows = list(report.recommendations.all()) if report else []
    most = actions.MOST_RECOMMENDATIONS
    full = len(rows) >= most and not form.is_bound
    page = {"cohort": cohort, "rows": rows, "form": form, "changing": changing, "full": full, "most": most}
    return render(request, "evaluation/reports/recommendations.html", page, status=422 if form.is_bound else 200)


@requires(P.REPORT_WRITE)
@require_POST
def recommendation_up(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.move_recommendation(cohort=cohort, code=which, way=actions.UP, by=request.user)
    return redirect("evaluation:recommendations", code)


@requires(P.REPORT_WRITE)
@require_POST
def recommendation_down(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.move_recommendation(cohort=cohort, code=which, way=actions.DOWN, by=request.user)
    return redirect("evaluation:recommendations", code)


@requires(P.REPORT_WRITE)
@require_POST
def recommendation_remove(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.remove_recommendation(cohort=cohort, code=which, by=request.user)
    messages.success(request, _("The recommendation is removed."))
    return redirect("evaluation:recommendations", code)


# --- Quotes ------------------------------------------------------------------------------------------


@requires(P.REPORT_WRITE)
@require_safe
def quotes(request: HttpRequest, code: str) -> HttpResponse:
    """Which of the words that may stand do, and in which order."""
    cohort, report = cohort_and_report(request, code)
    chosen = quotes_chosen(report) if report else []
    others = standing(cohort).exclude(pk__in=[row.quote_id for row in chosen]).prefetch_related("themes")
    most = actions.MOST_QUOTES
    page = {"cohort": cohort, "chosen": chosen, "to_choose": others, "full": len(chosen) >= most, "most": most}
    page["unsigned"] = unsigned(cohort)
    return render(request, "evaluation/reports/quotes.html", page)


@requires(P.REPORT_WRITE)
@require_POST
def quote_choose(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.choose_quote(cohort=cohort, code=which, by=request.user)
    return redirect("evaluation:report_quotes", code)


@requires(P.REPORT_WRITE)
@require_POST
def quote_leave_out(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.leave_out_quote(cohort=cohort, code=which, by=request.user)
    return redirect("evaluation:report_quotes", code)


@requires(P.REPORT_WRITE)
@require_POST
def quote_up(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.move_quote(cohort=cohort, code=which, way=actions.UP, by=request.user)
    return redirect("evaluation:report_quotes", code)


@requires(P.REPORT_WRITE)
@require_POST
def quote_down(request: HttpRequest, code: str, which: str) -> HttpResponse:
    cohort, _report = cohort_and_report(request, code)
    actions.move_quote(cohort=cohort, code=which, way=actions.DOWN, by=request.user)
    return redirect("evaluation:report_quotes", code)
