"""How a group is asked before and after: chosen by its lead, until the first round is open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation import actions
from evaluation.asking.forms import PlanForm
from evaluation.asking.measures import OWN
from evaluation.models import EvaluationPlan, Mode
from ppg.access import requires
from ppg.permissions import P
from programmes.models import Cohort


@requires(P.QUESTIONS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    chosen = EvaluationPlan.objects.filter(cohort=cohort).select_related("measure__questionnaire").first()
    initial = {
        "mode": chosen.mode if chosen else Mode.CONFIDENTIAL,
        "measure": chosen.measure.questionnaire.slug if chosen and chosen.measure else OWN,
    }
    form = PlanForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.choose_plan(cohort=cohort, mode=form.cleaned_data["mode"], measure=form.measure(), by=request.user)
        messages.success(request, _("Your choice is kept. It can be changed until the first questions are open."))
        return redirect("evaluation:waves", cohort.code)
    page = {"cohort": cohort, "form": form, "fixed": cohort.waves.exists(), "plan": chosen, "mode": initial["mode"]}
    return render(request, "evaluation/plan.html", page, status=422 if form.is_bound else 200)
