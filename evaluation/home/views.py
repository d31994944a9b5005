"""The first page after signing in: the groups of one's teams, and for a manager the reports."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caregivers.concerns import queries as concerns
from evaluation.home.queries import glances
from feedback.slips import queries as slips
from ppg.access.marks import signed_in
from ppg.access.permissions import P, can
from ppg.accounts.staff.overview import accounts_to_do
from ppg.health import looks, steps
from programmes.models import Cohort
from sessions_app.retention import queries as retention

PAGE = 20
MOST_GOING = 10  # groups whose details go soon


def going(now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    groups = retention.going_soon(today)
    days = [(group.cohort, group.goes_on(today)) for group in groups[:MOST_GOING]]
    return {"groups": days, "more": len(groups[MOST_GOING:])} if groups else {}


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    cohorts = Cohort.objects.visible_to(request.user).select_related("programme")
    page, now = Paginator(cohorts, PAGE).get_page(request.GET.get("page")), timezone.now()
    shown: dict[str, Any] = {
        "page": page,
        "groups": glances(page, now),
        "waiting": concerns.waiting(request.user, now),
        "slips": slips.to_do(request.user, now),
        "going": going(now) if can(request.user, P.RETENTION) else {},
        "accounts": accounts_to_do() if can(request.user, P.USER_MANAGE) else None,
    }
    if can(request.user, P.HEALTH_SEE):
        shown |= {"steps": steps.steps(), "health": looks.health(now)}
    return render(request, "evaluation/home/home.html", shown)
