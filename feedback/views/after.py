"""After the programme: the final form, the focus group, and the way to comments and quotes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import asking_queries, telling, threshold
from feedback import focus_groups as domain
from feedback.actions import asking
from feedback.hearing_forms import FocusGroupForm
from feedback.models import FocusGroup, Form, Quote
from feedback.results import results
from feedback.rows import asked_in, comments_of, sheets_of
from feedback.views.paper import sheets_not_sent
from feedback.views.session import address
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from programmes.models import Cohort


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


# --- The final form --------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_safe
def after(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    forms = Form.objects.visible_to(request.user).filter(cohort=cohort).final()
    form = forms.select_related("questionnaire").first()
    page: dict[str, Any] = {
        "cohort": cohort,
        "form": form,
        "least": threshold.least(),
        "focus_groups": FocusGroup.objects.visible_to(request.user).filter(cohort=cohort),
        "to_sign": Quote.objects.visible_to(request.user).filter(cohort=cohort).to_sign().count(),
    }
    return render(request, "feedback/after.html", page | state_of(request, cohort, form))


def state_of(request: HttpRequest, cohort: Cohort, form: Form | None) -> dict[str, Any]:
    """Not asked yet, open, closed with too few, or opened: then everything at once."""
    now = timezone.now()
    if form is None:
        return {"state": "none", "why_not": asking_queries.why_not_final(cohort, now)}
    if form.opened_with_id:
        audit.record(request.user, audit.Verb.SAW, form, cohort=cohort)
        questions = asked_in(form.questionnaire)
        told = results(questions, sheets_of([form]), comments_of([form]), least=threshold.least())
        return {"state": "opened", "results": told}
    if form.closed_at:
        return {"state": "waiting"}
    poster = reverse("feedback:after_poster", args=[cohort.code])
    return {
        "state": "open",
        "final": True,
        "due": not form.is_open(now),
        "address": address(request, form),
        "poster_url": poster,
    }


@requires(P.FEEDBACK_SEE)
@require_POST
def open_final(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    asking.open_final_form(cohort=cohort, by=request.user)
    return redirect("feedback:after", cohort.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def close_final(request: HttpRequest, code: str) -> HttpResponse:
    form = get_object_or_404(Form.objects.visible_to(request.user).final(), cohort=find(request, code))
    if asks_once_more := sheets_not_sent(request, form, reverse("feedback:after", args=[code])):
        return asks_once_more
    asking.close_form(form=form, by=request.user)
    messages.success(request, _("The form has closed."))
    return redirect("feedback:after", code)


@requires(P.FEEDBACK_SEE)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user).final(), cohort=cohort, closed_at=None)
    page = {"address": address(request, form), "back": reverse("feedback:after", args=[code]), "final": True}
    return render(request, "feedback/poster.html", page)


# --- The focus group -------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    form = FocusGroupForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        made = once(told.pop("effect_key"), lambda: domain.record(cohort=cohort, by=request.user, **told).code)
        messages.success(request, _("The focus group is written down."))
        return redirect("feedback:focus_group", made)
    page = {"cohort": cohort, "form": form}
    return render(request, "feedback/focus_group_form.html", page, status=422 if form.is_bound else 200)


def find_focus_group(request: HttpRequest, code: str) -> FocusGroup:
    return get_object_or_404(FocusGroup.objects.visible_to(request.user).select_related("cohort", "by"), code=code)


@requires(P.FEEDBACK_SEE)
@require_safe
def focus_group(request: HttpRequest, code: str) -> HttpResponse:
    found = find_focus_group(request, code)
    names = domain.known_names(found.cohort)
    audit.record(request.user, audit.Verb.SAW, found, cohort=found.cohort, fields=["notes"])
    quotes = Quote.objects.visible_to(request.user).filter(focus_group=found, taken_out_at=None)
    page = {
        "focus_group": found,
        "cohort": found.cohort,
        "pieces": telling.pieces(found.notes, names),
        "names": telling.names_in(found.notes, names),
        "quotes": quotes.prefetch_related("themes"),
    }
    return render(request, "feedback/focus_group.html", page)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_change(request: HttpRequest, code: str) -> HttpResponse:
    found = find_focus_group(request, code)
    written = {"held_on": found.held_on, "people": found.people, "notes": found.notes}
    form = FocusGroupForm(request.POST or None, initial=written)
    if form.is_valid():
        told = form.cleaned_data
        told.pop("effect_key")  # saved twice it is the same
        domain.change(focus_group=found, by=request.user, **told)
        messages.success(request, _("Saved."))
        return redirect("feedback:focus_group", code)
    page = {"cohort": found.cohort, "focus_group": found, "form": form}
    return render(request, "feedback/focus_group_form.html", page, status=422 if form.is_bound else 200)
