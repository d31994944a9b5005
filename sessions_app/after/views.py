"""After a session: who stayed to talk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from caregivers.models import FollowUp, Place
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from sessions_app.after import actions
from sessions_app.after.queries import read
from sessions_app.models import Session

ANSWERS = [
    (FollowUp.Outcome.TAKEN, gettext_lazy("Stayed to talk")),
    (FollowUp.Outcome.NOT_WANTED, gettext_lazy("Not today")),
]


def find(request: HttpRequest, code: str) -> Session:
    sessions = Session.objects.visible_to(request.user).select_related("cohort__programme")
    return get_object_or_404(sessions, code=code)


@requires(P.FOLLOW_UP)
@require_safe
def after(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    rows = read(session)
    audit.saw(request, (row.place for row in rows), cohort=session.cohort, of=session)
    page = {
        "session": session,
        "minutes": session.cohort.programme.time_after_minutes,
        "rows": rows,
        "answers": ANSWERS,
        "stayed": sum(row.outcome == FollowUp.Outcome.TAKEN for row in rows),
        "known": sum(bool(row.outcome) for row in rows),
    }
    return render(request, "sessions_app/after/after.html", page)


@requires(P.FOLLOW_UP)
@require_POST
def after_mark(request: HttpRequest, code: str) -> HttpResponse:
    """One person: stayed, not today, or undone."""
    session = find(request, code)
    outcome = request.POST.get("outcome")
    if outcome not in (FollowUp.Outcome.TAKEN, FollowUp.Outcome.NOT_WANTED, ""):
        raise Refused(_("We could not read this. Load the page again and press once more."))
    places = Place.objects.visible_to(request.user).filter(cohort=session.cohort_id).select_related("caregiver")
    place = get_object_or_404(places, code=request.POST.get("place", ""))
    actions.record_talk(session=session, caregiver=place.caregiver, outcome=outcome, by=request.user)
    return redirect(reverse("sessions:after", args=[code]) + f"#{place.code}")


@requires(P.FOLLOW_UP)
@require_POST
def after_rest(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody was asked, and nobody else stayed."""
    session = find(request, code)
    actions.nobody_else(session=session, caregivers=[row.place.caregiver for row in read(session)], by=request.user)
    return redirect("sessions:after", code)
