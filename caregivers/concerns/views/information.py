"""The information log: what a caregiver noticed, and whether it went to the police. Restricted like a concern."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.concerns import actions, queries
from caregivers.concerns.forms import InformationForm, PassOnForm
from caregivers.concerns.views.concerns import DO, list_page, may_go, readings, removed
from caregivers.models import Information
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.links.codes import site


def find(request: HttpRequest, code: str) -> Information:
    return get_object_or_404(Information.objects.visible_to(request.user).with_people(), code=code)


@requires(P.CONCERN)
@require_safe
def information_list(request: HttpRequest) -> HttpResponse:
    page = list_page(request, Information.objects.visible_to(request.user))
    return render(
        request, "caregivers/concerns/information_list.html", page, status=422 if page["form"].errors else 200
    )


@requires(P.CONCERN)
@require_http_methods(DO)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """`?person=` says who told it, as the link from their record does."""
    cohort = get_object_or_404(queries.groups(request.user), code=code)
    people = queries.people(cohort, request.user)
    form = InformationForm(
        request.POST or None,
        people=people,
        initial={"person": request.GET.get("person", "")},
    )
    if form.is_valid():
        told = {**form.information(), "cohort": cohort, "by": request.user, "site": site(request)}
        made = once(
            form.cleaned_data["effect_key"],
            lambda: actions.log_information(**told).code,
            by=request.user,
            of=f"information {cohort.code}",
        )
        messages.success(request, _("It is written down."))
        return redirect("caregivers:information", made)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=cohort, of=Information())
    page = {"cohort": cohort, "form": form}
    return render(request, "caregivers/concerns/information_add.html", page, status=422 if form.is_bound else 200)


@requires(P.CONCERN, hidden=True)
@require_http_methods(DO)
def information(request: HttpRequest, code: str) -> HttpResponse:
    """What was noticed; passing it on, and putting right when it was and under which reference."""
    information = find(request, code)
    initial = {"passed_on": information.passed_on, "reference": information.reference}
    form = PassOnForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.pass_on(information=information, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(information)
    audit.record(request.user, audit.Verb.SAW, information, cohort=information.cohort)
    page = {
        "information": information,
        "name": queries.name_of(information),
        "methods": [method.label for method in Information.Method if method in information.methods],
        "form": form if information.is_open or form.is_bound else None,
        "over": may_go(request, information),
    }
    return render(request, "caregivers/concerns/information.html", page, status=422 if form.is_bound else 200)


@requires(P.CONCERN_CLOSE, hidden=True)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    actions.close(thing=find(request, code), by=request.user)
    messages.success(request, _("It is closed."))
    return redirect("caregivers:information_list")


@requires(P.CONCERN_CLOSE, hidden=True)
@require_POST
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    found = actions.reopen(thing=find(request, code), by=request.user, site=site(request))
    messages.success(request, _("It is open again."))
    return redirect(found)


@requires(P.CONCERN_CLOSE, hidden=True)
@require_http_methods(DO)
def remove(request: HttpRequest, code: str) -> HttpResponse:
    return removed(request, find(request, code), reverse("caregivers:information_list"))


@requires(P.CONCERN_CLOSE, hidden=True)
@require_safe
def readers(request: HttpRequest, code: str) -> HttpResponse:
    return readings(request, find(request, code))
