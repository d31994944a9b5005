"""The team of a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from programmes.models import Cohort, TeamMember
from programmes.team import actions
from programmes.team.forms import JoinForm, LeaveForm
from programmes.team.owned import open_of
from programmes.team.queries import left, members, who_could
from programmes.team.rules import BRINGS, why_not_leave


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.COHORT_SEE)
@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    now = members(cohort)
    filled = {member.job for member in now}
    page = {
        "cohort": cohort,
        "members": now,
        "open_jobs": [job for job in TeamMember.Job if job not in filled],
        "left": left(cohort),
        "brings": BRINGS,
    }
    return render(request, "programmes/team/team.html", page)


@requires(P.TEAM_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """`?job=` chooses the job, as the link beside an empty one does."""
    cohort = find(request, code)
    form = JoinForm(request.POST or None, people=who_could(cohort), initial={"job": request.GET.get("job", "")})
    if form.is_valid():
        who, job = form.cleaned_data["who"], form.cleaned_data["job"]
        actions.join(cohort=cohort, user=who, job=job, by=request.user)
        messages.success(request, _("Added to the team."))
        return redirect("programmes:team", code)
    page = {"cohort": cohort, "form": form}
    return render(request, "programmes/team/add.html", page, status=422 if form.is_bound else 200)


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
    has_open = open_of(cohort, member.user)
    posted = request.POST if request.method == "POST" else None
    form = LeaveForm(posted, takers=has_open.takers, asked=bool(has_open.tasks))
    why_not = why_not_leave(members(cohort), member)
    if form.is_valid():
        actions.leave(cohort=cohort, user=member.user, to=form.cleaned_data.get("to"), by=request.user)
        messages.success(request, _("Taken out of the team."))
        return redirect("home") if member.user == request.user else redirect("programmes:team", code)
    page = {"cohort": cohort, "member": member, "open": has_open, "why_not": why_not, "form": form}
    return render(request, "programmes/team/leave.html", page, status=422 if form.is_bound else 200)
