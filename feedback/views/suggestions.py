"""What the group asks for, for its team: read it, add what came by other ways, answer it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import concerns
from feedback import suggestions as domain
from feedback.models import Suggestion, SuggestionBox
from feedback.suggestion_forms import AddForm, SuggestionAnswerForm
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from programmes.models import Cohort

PAGE = 20
DO = ["GET", "HEAD", "POST"]


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.SUGGESTIONS)
@require_safe
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """`?show=answered`: those that were answered; else those that still wait for it."""
    cohort = find(request, code)
    of_group = Suggestion.objects.visible_to(request.user).filter(cohort=cohort).select_related("recap")
    answered = request.GET.get("show") == "answered"
    found = of_group.answered() if answered else of_group.owed()
    box = domain.box_of(cohort)
    page = Paginator(found.order_by("-answered_on", "recap__starts_at", "id"), PAGE)
    context = {
        "cohort": cohort,
        "box": box,
        "address": address(request, box) if box else "",
        "answered": answered,
        "owed_count": of_group.owed().count(),
        "answered_count": of_group.answered().count(),
        "page": page.get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "feedback/suggestions.html", context)


@requires(P.SUGGESTIONS)
@require_http_methods(DO)
def add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    people = concerns.people(cohort, request.user)
    form = AddForm(request.POST or None, people=people)
    form.cancel_url = reverse("feedback:suggestions", args=[cohort.code])
    if form.is_valid():
        told = {**form.told(), "cohort": cohort, "by": request.user}
        once(form.cleaned_data["effect_key"], lambda: domain.add(**told).code)
        messages.success(request, _("It is on the list. It is owed an answer at the next recap."))
        return redirect("feedback:suggestions", cohort.code)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=cohort)
    page = {"cohort": cohort, "form": form}
    return render(request, "feedback/suggestion_add.html", page, status=422 if form.is_bound else 200)


@requires(P.SUGGESTIONS)
@require_http_methods(DO)
def suggestion(request: HttpRequest, code: str) -> HttpResponse:
    found = Suggestion.objects.visible_to(request.user).select_related("cohort", "recap", "caregiver", "answered_by")
    one = get_object_or_404(found, code=code)
    people = concerns.people(one.cohort, request.user)
    if one.caregiver:
        people.setdefault(one.caregiver.code, (one.caregiver, str(one.caregiver)))
    form = SuggestionAnswerForm(request.POST or None, people=people, suggestion=one)
    form.cancel_url = reverse("feedback:suggestions", args=[one.cohort.code])
    if form.is_valid():
        domain.answer(suggestion=one, by=request.user, **form.told())
        messages.success(request, _("The answer is saved."))
        return redirect("feedback:suggestions", one.cohort.code)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=one.cohort, of=one)
    page = {"suggestion": one, "cohort": one.cohort, "form": form, "now": timezone.now()}
    return render(request, "feedback/suggestion.html", page, status=422 if form.is_bound else 200)


@requires(P.SUGGESTIONS)
@require_POST
def box_open(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    domain.open_box(cohort=cohort, by=request.user)
    messages.success(request, _("The box is open."))
    return redirect("feedback:suggestions", cohort.code)


@requires(P.SUGGESTIONS)
@require_POST
def box_close(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    domain.close_box(box=get_object_or_404(SuggestionBox, cohort=cohort), by=request.user)
    messages.success(request, _("The box is closed."))
    return redirect("feedback:suggestions", cohort.code)


@requires(P.SUGGESTIONS)
@require_safe
def box_poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    box = get_object_or_404(SuggestionBox, cohort=cohort, closed_at=None)
    return render(request, "feedback/box_poster.html", {"cohort": cohort, "address": address(request, box)})


def address(request: HttpRequest, box: SuggestionBox) -> str:
    return request.build_absolute_uri(reverse("box", args=[box.code]))
