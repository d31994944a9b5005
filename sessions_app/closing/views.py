"""Closing a session, on one page: what was planned and what it took, what to come back to, and the packs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from caregivers.models import HandoutsBy, Place
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from sessions_app.closing import actions
from sessions_app.closing import changes as closing
from sessions_app.closing.forms import CloseForm, CorrectForm
from sessions_app.models import Session
from sessions_app.packs import contents as packs
from sessions_app.register import rows as register

# What the page reads of a caregiver besides the name: how they have their handouts, and what is safe.
REACHED = ["caregiver__handouts_by", "caregiver__safe_ways", "caregiver__email", "caregiver__registered_at"]


@requires(P.SESSION_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "closed_by")
    session = get_object_or_404(sessions, code=code)
    now = timezone.now()
    items = list(session.items.select_related("source", "remark"))
    steps = list(session.steps.all())
    why_not = "" if session.closed_at else closing.why_not_close(session, steps, now)
    outcomes = closing.outcomes(session, items, steps, now)
    changes = closing.changes(items, outcomes, session.adaptations.all())
    people = on_register(session)
    page: dict[str, Any] = {
        "session": session,
        "outcomes": outcomes,
        "why_not": why_not,
        "unticked": [row.called for row in people if row.is_open and not row.joined_later],
        "questions": [] if session.closed_at else session.later_questions.filter(answered_at=None),
    }
    form: CorrectForm
    if session.closed_at:
        form = CorrectForm(request.POST or None, changes=changes, initial={"recap_points": session.recap_points})
    else:
        resources = actions.of_session(session)
        in_group = [row for row in people if row.place.state == Place.State.TAKEN]
        form = CloseForm(request.POST or None, changes=changes, people=in_group, resources=resources)
        page["ways"] = ways(in_group, resources)
    if form.is_valid() and not why_not:
        try:
            return save(request, session, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    named = [row for row in people if row.is_open or not session.closed_at]
    audit.saw(request, (row.place for row in named), cohort=session.cohort, of=session)
    page["form"] = form
    return render(request, "sessions_app/closing/close.html", page, status=422 if form.is_bound else 200)


def on_register(session: Session) -> list[register.RegisterRow]:
    places = session.on_register().only(*Session.NAMED, *REACHED)
    return register.rows(list(places), session.marks.all(), session.day)


def save(request: HttpRequest, session: Session, form: CorrectForm) -> HttpResponse:
    typed = form.cleaned_data
    if not isinstance(form, CloseForm):
        actions.correct(session=session, by=request.user, recap_points=typed["recap_points"], remarks=form.remarks())
        messages.success(request, _("Saved."))
        return redirect("sessions:close", session.code)
    actions.close(
        session=session,
        by=request.user,
        recap_points=typed["recap_points"],
        remarks=form.remarks(),
        effect_key=typed["effect_key"],
        **form.wishes(),
    )
    messages.success(request, _("The session is closed."))
    return redirect("sessions:pack", session.code)


def ways(people: list[register.RegisterRow], resources: list[Any]) -> list[str]:
    """In a few lines who gets the pack how: "5 by e-mail", "3 on paper", and whose reason is another than asking."""
    contents = [packs.content(resource) for resource in resources]
    if not contents:
        return []
    decisions = [(row.called, *packs.way(row.place.caregiver, contents)) for row in people]
    mailed = sum(way == HandoutsBy.EMAIL for _name, way, _why in decisions)
    paper = len(decisions) - mailed
    lines = [
        ngettext("%(n)s by e-mail, now", "%(n)s by e-mail, now", mailed) % {"n": mailed},
        ngettext("%(n)s on paper: you get a list to print", "%(n)s on paper: you get a list to print", paper)
        % {"n": paper},
    ]
    if packs.mailed(contents):
        others = [
            (name, row.place.caregiver, why) for row, (name, _way, why) in zip(people, decisions, strict=True) if why
        ]
        lines += [f"{name}: {why}" for name, caregiver, why in others if caregiver.handouts_by != HandoutsBy.PAPER]
    return lines
