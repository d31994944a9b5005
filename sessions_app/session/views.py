"""A session's plan: on the screen, and printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.models import User
from programmes.models import Cohort, ItemLead, TeamMember
from sessions_app.handouts import what_is_missing
from sessions_app.models import Session
from sessions_app.session.timeline import at_times


@requires(P.SESSION_SEE)
@require_safe
def session(request: HttpRequest, code: str) -> HttpResponse:
    page = plan(request.user, code)
    if can(request.user, P.SESSION_RUN) and not (page["session"].closed_at or page["session"].cancelled_at):
        page["pack"] = what_is_missing(one.resource for one in page["session"].handouts_in_order.all())
    return render(request, "sessions_app/session/session.html", page)


@requires(P.SESSION_SEE)
@require_safe
def print_plan(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "sessions_app/session/print.html", plan(request.user, code))


def plan(user: User, code: str) -> dict[str, Any]:
    """The session and its agenda at the times of day, each item with who leads it."""
    session = get_object_or_404(Session.objects.visible_to(user).with_plan(), code=code)
    slots = at_times(session.starts_at, session.minutes, session.items.all())
    leads = who_leads(session.cohort)
    rows = [
        {
            "start": slot.start,
            "end": slot.end,
            "item": slot.item,
            "lead": leads[slot.item.lead] if slot.item else "",
            "outside": slot.start < session.starts_at or slot.start >= session.ends_at,
        }
        for slot in slots
    ]
    return {"session": session, "cohort": session.cohort, "rows": rows}


def who_leads(cohort: Cohort) -> dict[str, str]:
    """Who leads an item: the first names of those in the team whose job it is, or the job while nobody has it."""
    jobs: dict[str, list[str]] = {}
    for member in cohort.team.filter(left_on=None).select_related("user"):
        jobs.setdefault(member.job, []).append(member.user.first_name)
    facilitators = jobs.get(TeamMember.Job.FACILITATOR) or jobs.get(TeamMember.Job.LEAD, [])
    parents = jobs.get(TeamMember.Job.PARENT, [])
    return {
        ItemLead.FACILITATOR: get_text_list(facilitators, _("and")) or _("the facilitator"),
        ItemLead.PARENT: _("%(names)s, parent with lived experience") % {"names": get_text_list(parents, _("and"))}
        if parents
        else _("a parent with lived experience"),
        ItemLead.GUEST: _("guests"),
    }
