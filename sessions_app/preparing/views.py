"""Preparing a session: one page to read on the way, to tick and to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from sessions_app.models import Session
from sessions_app.preparing import actions, parts, queries, things


@requires(P.SESSION_RUN)
@require_safe
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "sessions_app/preparing/prepare.html", sheet(request, code))


@requires(P.SESSION_RUN)
@require_safe
def prepare_print(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "sessions_app/preparing/print.html", sheet(request, code))


def sheet(request: HttpRequest, code: str) -> dict[str, Any]:
    """All of it, in a number of queries that does not grow. Whose needs were read is in the audit trail."""
    sessions = queries.with_last_time(Session.objects.visible_to(request.user)).select_related("cohort")
    session = get_object_or_404(sessions, code=code)
    places = queries.places_of(session)
    group = things.group(places)
    page = {
        "session": session,
        "cohort": session.cohort,
        "group": group,
        "things": queries.things(session, group, session.prepared.select_related("by")),
        "speakers": queries.speakers_of(session),
        "questions": queries.questions_of(session),
        "calls": queries.calls_of(session, request.user),
        "more": parts.more(session, request.user),
    }
    if can(request.user, P.REGISTER_SEE):
        page |= {"needs": things.needs(places), "not_asked": things.not_asked(places)}
        people = [place.caregiver for place in places]
        audit.record_each(request.user, audit.Verb.SAW, people, cohort=session.cohort, fields=things.FIELDS)
    return page


@requires(P.SESSION_RUN)
@require_POST
def tick(request: HttpRequest, code: str) -> HttpResponse:
    """One thing is ready, or not yet: `done` says which, so that a press sent twice changes nothing."""
    session = get_object_or_404(Session.objects.visible_to(request.user), code=code)
    what, done = request.POST.get("what", ""), request.POST.get("done")
    if done not in ("yes", "no") or not things.WHAT.fullmatch(what):
        raise Refused(_("We could not read this tick. Load the page again and tick once more."))
    actions.tick(session=session, what=what, done=done == "yes", by=request.user)
    return redirect(reverse("sessions:prepare", args=[code]) + f"#{what}")
