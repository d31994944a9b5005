"""The first page after signing in: the session that is next, what needs the person, and their groups."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.home import queries
from ppg.access.marks import requires, signed_in
from ppg.access.permissions import P, can
from ppg.audit_trail import audit
from ppg.health import looks, steps
from programmes.due.queries import due, name
from sessions_app.session.next import next_session

FIRST, PAGE = 10, 30


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    everything = due(request.user, now)
    tasks = everything.to_do
    watched = [task for task in everything.tasks if task.watched]
    first = tasks[:FIRST]
    audit.saw(request, name(first, request.user))
    page, groups = queries.glances(request.user, now, request.GET.get("page"))
    for group in groups:
        group.cohort.due = everything.by_group[group.cohort.pk]
        group.cohort.overdue = everything.overdue_by_group[group.cohort.pk]
    shown: dict[str, Any] = {
        "next": next_session(request.user, now),
        "due": everything,
        "tasks": first,
        "many": len(tasks),
        "watched": watched[:FIRST],
        "many_watched": len(watched),
        "page": page,
        "groups": groups,
        "reports": queries.newest_reports(request.user),
        "opened": queries.opened(request.user),
    }
    if can(request.user, P.HEALTH_SEE):
        shown |= {"steps": steps.steps(), "health": looks.health(now)}
    return render(request, "evaluation/home/home.html", shown)


@signed_in
@require_safe
def everything_due(request: HttpRequest) -> HttpResponse:
    """All that needs the person, the most pressing first; with `?groups` the groups that somebody should look at."""
    everything = due(request.user, timezone.now())
    watched = "groups" in request.GET
    tasks = [task for task in everything.tasks if task.watched == watched]
    page = Paginator(tasks, PAGE).get_page(request.GET.get("page"))
    audit.saw(request, name(list(page), request.user))
    return render(request, "evaluation/home/due.html", {"page": page, "due": everything, "watched": watched})


@requires(P.ACROSS)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Every group, the newest first, for who works with none of them in particular."""
    page, rows = queries.all_groups(request.user, timezone.now(), request.GET.get("page"))
    return render(request, "evaluation/home/groups.html", {"page": page, "groups": rows})
