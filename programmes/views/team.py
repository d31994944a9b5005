"""The team of a group, and the support given to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from programmes import support as giving
from programmes import team as domain
from programmes.models import Cohort, TeamMember, TeamSupport
from programmes.team_forms import JoinForm, LeaveForm, NewSupportForm, SupportForm


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.COHORT_SEE)
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    members = domain.members(cohort)
    filled = {member.job for member in members}
    page = {
        "cohort": cohort,
        "members": members,
        "open_jobs": [job for job in TeamMember.Job if job not in filled],
        "left": domain.left(cohort),
        "brings": domain.BRINGS,
    }
    return render(request, "programmes/team.html", page)


@requires(P.TEAM_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """`?job=` chooses the job, as the link beside an empty one does."""
    cohort = find(request, code)
    form = JoinForm(request.POST or None, people=domain.who_could(cohort), initial={"job": request.GET.get("job", "")})
    if form.is_valid():
        who, job = form.cleaned_data["who"], form.cleaned_data["job"]
        domain.join(cohort=cohort, user=who, job=job, by=request.user)
        messages.success(request, _("%(name)s is in the team.") % {"name": who.name})
        return redirect("programmes:team", code)
    page = {"cohort": cohort, "form": form}
    return render(request, "programmes/team_add.html", page, status=422 if form.is_bound else 200)


@requires(P.TEAM_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, code: str, who: str) -> HttpResponse:
    """Asks once more, and who goes on with what they have open. Sent again it leads to the team as it is."""
    cohort = find(request, code)
    member = cohort.team.filter(user__code=who).select_related("user").order_by("-id").first()
    if member is None:
        raise Http404
    if member.left_on:
        return redirect("programmes:team", code)
    has_open = domain.open_of(cohort, member.user)
    posted = request.POST if request.method == "POST" else None
    form = LeaveForm(posted, takers=has_open.takers, asked=bool(has_open.told))
    why_not = domain.why_not_leave(domain.members(cohort), member)
    if form.is_valid():
        domain.leave(cohort=cohort, user=member.user, to=form.cleaned_data.get("to"), by=request.user)
        messages.success(request, _("%(name)s is not in the team any more.") % {"name": member.user.name})
        return redirect("home") if member.user == request.user else redirect("programmes:team", code)
    page = {"cohort": cohort, "member": member, "open": has_open, "why_not": why_not, "form": form}
    return render(request, "programmes/team_leave.html", page, status=422 if form.is_bound else 200)


@requires(P.TEAM_SUPPORT)
@require_safe
def support(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    page = {"cohort": cohort, "sections": giving.sections(cohort)}
    return render(request, "programmes/team_support.html", page)


@requires(P.TEAM_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def support_add(request: HttpRequest, code: str) -> HttpResponse:
    """`?kind=` and `?who=` choose, as the links on the checklist and the support page do."""
    cohort = find(request, code)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "who")}
    form = NewSupportForm(request.POST or None, people=giving.people(cohort), initial=chosen)
    if form.is_valid():
        told = form.cleaned_data
        made = {"member": told["who"], "kind": told["kind"], "by": request.user, **form.answers()}
        once(told["effect_key"], lambda: giving.record(**made).code)
        messages.success(request, _("Saved."))
        return redirect("programmes:support", code)
    page = {"cohort": cohort, "form": form}
    return render(request, "programmes/team_support_add.html", page, status=422 if form.is_bound else 200)


def find_support(request: HttpRequest, code: str) -> TeamSupport:
    found = TeamSupport.objects.visible_to(request.user).select_related("member__user", "member__cohort")
    return get_object_or_404(found, code=code)


@requires(P.TEAM_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def support_change(request: HttpRequest, code: str) -> HttpResponse:
    given = find_support(request, code)
    form = SupportForm(request.POST or None, initial=SupportForm.about(given))
    if form.is_valid():
        giving.change(support=given, by=request.user, **form.answers())
        messages.success(request, _("Saved."))
        return redirect("programmes:support", given.member.cohort.code)
    page = {"support": given, "cohort": given.member.cohort, "form": form}
    return render(request, "programmes/team_support_change.html", page, status=422 if form.is_bound else 200)


@requires(P.TEAM_SUPPORT)
@require_POST
def support_remove(request: HttpRequest, code: str) -> HttpResponse:
    given = find_support(request, code)
    giving.remove(support=given, by=request.user)
    messages.success(request, _("Taken out."))
    return redirect("programmes:support", given.member.cohort.code)
