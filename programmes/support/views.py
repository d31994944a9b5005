"""The support given to the team of a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.forms.effects import once
from programmes.models import Cohort, TeamSupport
from programmes.support import actions
from programmes.support.forms import NewSupportForm, SupportForm
from programmes.support.queries import asked_for, people, sections


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.TEAM_SUPPORT)
@require_safe
def support(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    page = {"cohort": cohort, "asked_for": asked_for(cohort), "sections": sections(cohort)}
    return render(request, "programmes/support/support.html", page)


@requires(P.TEAM_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def support_add(request: HttpRequest, code: str) -> HttpResponse:
    """`?kind=` and `?who=` choose, as the links on the checklist and the support page do."""
    cohort = find(request, code)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "who")}
    form = NewSupportForm(request.POST or None, people=people(cohort), initial=chosen)
    if form.is_valid():
        values = form.cleaned_data
        made = {"member": values["who"], "kind": values["kind"], "by": request.user, **form.answers()}
        once(
            values["effect_key"],
            lambda: actions.record(**made).code,
            by=request.user,
            of=f"support {code}",
        )
        messages.success(request, _("Saved."))
        return redirect("programmes:support", code)
    page = {"cohort": cohort, "form": form}
    return render(request, "programmes/support/add.html", page, status=422 if form.is_bound else 200)


def find_support(request: HttpRequest, code: str) -> TeamSupport:
    found = TeamSupport.objects.visible_to(request.user).select_related("member__user", "member__cohort")
    return get_object_or_404(found, code=code)


@requires(P.TEAM_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def support_change(request: HttpRequest, code: str) -> HttpResponse:
    given = find_support(request, code)
    form = SupportForm(request.POST or None, initial=SupportForm.about(given))
    if form.is_valid():
        actions.change(support=given, by=request.user, **form.answers())
        messages.success(request, _("Saved."))
        return redirect("programmes:support", given.member.cohort.code)
    page = {"support": given, "cohort": given.member.cohort, "form": form}
    return render(request, "programmes/support/change.html", page, status=422 if form.is_bound else 200)


@requires(P.TEAM_SUPPORT)
@require_POST
def support_remove(request: HttpRequest, code: str) -> HttpResponse:
    given = find_support(request, code)
    actions.remove(support=given, by=request.user)
    messages.success(request, _("Taken out."))
    return redirect("programmes:support", given.member.cohort.code)
