"""A group's pages: its overview by phase, and a page for each section of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caregivers.models import Place
from evaluation.group import sections
from evaluation.group.overview import line, overview, sessions_of
from evaluation.group.queries import with_taken
from evaluation.reports.queries import last_published
from feedback.models import Form
from ppg.access.marks import requires
from ppg.access.permissions import P, Role, can
from ppg.audit_trail import audit
from programmes.due.queries import due, name
from programmes.models import Cohort

FIRST = 6  # of what is due stand in sight, the rest is a press away


def find(request: HttpRequest, code: str) -> Cohort:
    groups = with_taken(Cohort.objects.visible_to(request.user)).select_related("programme")
    return get_object_or_404(groups, code=code)


@requires(P.COHORT_SEE)
@require_safe
def cohort(request: HttpRequest, code: str) -> HttpResponse:
    group, now = find(request, code), timezone.now()
    tasks = due(request.user, now, group).tasks
    people = people_for_a_parent(group) if request.user.role == Role.PARENT else []
    audit.saw(request, [*name(tasks, request.user), *people], cohort=group)
    mine = [task for task in tasks if not task.watched]
    page = {
        "cohort": group,
        "overview": overview(group, request.user, now),
        "team": group.team.filter(left_on=None).select_related("user"),
        "first": mine[:FIRST],
        "rest": mine[FIRST:],
        "watched": [task for task in tasks if task.watched],
        "people": sorted(place.caregiver.called for place in people),
    }
    return render(request, "evaluation/group/group.html", page)


def people_for_a_parent(group: Cohort) -> list[Place]:
    """All that a parent with lived experience sees of the people is what they like to be called."""
    return list(Place.objects.filter(cohort=group).in_group().select_related("caregiver"))


# --- Its sections -------------------------------------------------------------------------------------------


@requires(P.PEOPLE_SEE)
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    return section(request, code, sections.PEOPLE)


@requires(P.SESSION_SEE)
@require_safe
def sessions(request: HttpRequest, code: str) -> HttpResponse:
    """Every session a line, with who came and how its form stands."""
    group, now = find(request, code), timezone.now()
    forms = {}
    if can(request.user, P.FEEDBACK_SEE):
        forms = {form.session_id: form.state(now).label for form in Form.objects.filter(cohort=group).defer("key")}
    lines = [(line(one, request.user, now), forms.get(one.pk, "")) for one in sessions_of(group)]
    return render(request, "evaluation/group/sessions.html", {"cohort": group, "lines": lines})


@requires(P.FEEDBACK_SEE)
@require_safe
def feedback(request: HttpRequest, code: str) -> HttpResponse:
    return section(request, code, sections.FEEDBACK)


@requires(P.FIGURES_SEE)
@require_safe
def evaluation(request: HttpRequest, code: str) -> HttpResponse:
    group = find(request, code)
    version = last_published([group]).get(group.pk) if can(request.user, P.REPORT_READ) else None
    return section(request, code, sections.EVALUATION, version=version)


@requires(P.COHORT_SEE)
@require_safe
def settings(request: HttpRequest, code: str) -> HttpResponse:
    return section(request, code, sections.SETTINGS)


def section(request: HttpRequest, code: str, shown: sections.Section, **more: Any) -> HttpResponse:
    group = find(request, code)
    page = {"cohort": group, "section": shown, "doors": sections.doors(shown, group, request.user), **more}
    return render(request, "evaluation/group/section.html", page)
