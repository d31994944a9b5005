"""How a measure is scored: read for every version, changed in a draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.measures import actions, queries
from evaluation.measures.forms import ScoringForm, first_values
from feedback.models import Questionnaire
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused


@requires(P.QUESTIONS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, code: str) -> HttpResponse:
    """`code` is that of the questionnaire."""
    rows = Questionnaire.objects.visible_to(request.user).select_related("measure")
    questionnaire = get_object_or_404(rows.exclude(measure=None), code=code)
    items = list(questionnaire.measure.items.select_related("question").order_by("question__position"))
    is_draft = questionnaire.state == Questionnaire.State.DRAFT
    page = {"questionnaire": questionnaire, "measure": questionnaire.measure, "items": items, "is_draft": is_draft}
    if not is_draft and request.method != "POST":
        return render(request, "evaluation/measures/measure.html", page)
    seen = queries.fingerprint(questionnaire)
    form = ScoringForm(
        request.POST or None,
        questions=questionnaire.questions.filter(kind__in=queries.COUNTABLE),
        initial=first_values(questionnaire.measure, items) | {"seen": seen},
    )
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        scoring = {"counts": form.counts(), "seen": form.cleaned_data["seen"], **form.scoring()}
        try:
            actions.save_scoring(questionnaire=questionnaire, by=request.user, **scoring)
            messages.success(request, _("Saved in the draft."))
            return redirect("feedback:edit_questions", code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data, status = request.POST.copy(), refusal.status
            form.data["seen"] = seen
    return render(request, "evaluation/measures/edit.html", page | {"form": form}, status=status)
