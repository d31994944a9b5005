"""The checklist of a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from programmes.checklist import actions, lines, queries, readiness
from programmes.checklist.forms import PlanForm
from programmes.models import Cohort
from programmes.team.queries import team_who_may


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


def find_line(slug: str) -> lines.Line:
    if slug not in lines.lines:
        raise Http404
    return lines.lines[slug]


@requires(P.CHECKLIST)
@require_safe
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    now, dates = timezone.now(), readiness.dates_of(cohort)
    phases = queries.rows(cohort, request.user)
    missing = (one for rows in phases.values() for row in rows for one in row.missing)
    audit.saw(request, (one.person for one in missing if one.person), cohort=cohort)
    page = {
        "cohort": cohort,
        "sections": readiness.sections(phases, readiness.phase_at(dates, now)),
        "ready": readiness.ready((row for rows in phases.values() for row in rows), dates, now),
        "today": timezone.localdate(now),
    }
    return render(request, "programmes/checklist/checklist.html", page)


@requires(P.CHECKLIST)
@require_POST
def tick(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """`done` says what it shall be, so that a press sent twice changes nothing."""
    cohort, line, done = find(request, code), find_line(slug), request.POST.get("done")
    if done not in ("yes", "no"):
        raise Refused(_("We could not read this tick. Load the page again and tick once more."))
    actions.tick(cohort=cohort, line=line, done=done == "yes", by=request.user)
    return redirect(reverse("programmes:checklist", args=[code]) + f"#{slug}")


@requires(P.CHECKLIST)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    """Who does it, and by when."""
    cohort, line = find(request, code), find_line(slug)
    kept = cohort.checklist.filter(slug=slug).first()
    initial = {"owner": kept.owner_id or "", "due_on": kept.due_on} if kept else {}
    form = PlanForm(request.POST or None, team=team_who_may(cohort, P.CHECKLIST), initial=initial)
    if form.is_valid():
        actions.plan(cohort=cohort, line=line, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("programmes:checklist", code)
    page = {"cohort": cohort, "line": line, "form": form}
    return render(request, "programmes/checklist/line.html", page, status=422 if form.is_bound else 200)
