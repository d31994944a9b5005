"""Closing a session, on one page: what was planned and what it took, what to come back to, and the packs."""

from __future__ import annotations

from collections.abc import Sequence
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
from programmes.models import Resource
from sessions_app.closing import actions
from sessions_app.closing import changes as closing
from sessions_app.closing.forms import CloseForm, CorrectForm
from sessions_app.handouts import what_is_missing
from sessions_app.models import Session
from sessions_app.models.running import COURSE
from sessions_app.packs import contents as packs
from sessions_app.register import rows as register
from sessions_app.running.clock import Outcome, final_outcomes

# What the page reads of a caregiver besides the name: how they have their handouts, and what is safe.
REACHED = ["caregiver__handouts_by", "caregiver__safe_ways", "caregiver__email", "caregiver__registered_at"]


@requires(P.SESSION_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Closes the session by one press. Once it is closed, the same page puts right what was written down."""
    sessions = Session.objects.visible_to(request.user).select_related("cohort", "closed_by")
    session = get_object_or_404(sessions.prefetch_related(*COURSE), code=code)
    places = list(session.on_register().only(*Session.NAMED, *REACHED))
    items, now = session.items.all(), timezone.now()
    outcomes = final_outcomes(items, session.steps.all(), session.ends_at, now)
    changes = closing.changes(items, outcomes, session.adaptations.all())
    form: CorrectForm
    if session.closed_at:
        form = CorrectForm(request.POST or None, changes=changes, initial={"recap_points": session.recap_points})
        if form.is_valid():
            actions.correct(session=session, by=request.user, **form.values())
            messages.success(request, _("Saved."))
            return redirect("sessions:close", session.code)
        return page(request, session, form, places, outcomes)
    why_not = closing.why_not_close(session, now)
    in_group = [place for place in places if place.state == Place.State.TAKEN]
    form = CloseForm(request.POST or None, changes=changes, places=in_group, resources=session.taken_home())
    if form.is_valid() and not why_not:
        people = register.rows(places, session.marks.all(), session.day)
        if register.nobody_ticked(people) and not form.cleaned_data["without_register"]:
            return page(request, session, form, places, outcomes, asks=True)
        try:
            actions.close(session=session, by=request.user, **form.values())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is closed."))
            return redirect("sessions:pack", session.code)
    return page(request, session, form, places, outcomes, why_not)


def page(
    request: HttpRequest,
    session: Session,
    form: CorrectForm,
    places: list[Place],
    outcomes: list[Outcome],
    why_not: str = "",
    asks: bool = False,
) -> HttpResponse:
    """What is only shown, not needed to read what was sent, is worked out here. `asks` whether to close without a
    register."""
    people = register.rows(places, session.marks.all(), session.day)
    context: dict[str, Any] = {
        "session": session,
        "form": form,
        "outcomes": outcomes,
        "why_not": why_not,
        "asks": asks,
        "nobody_ticked": register.nobody_ticked(people),
        "unticked": [row.called for row in people if row.is_open and not row.joined_later],
    }
    named = [row for row in people if row.is_open]
    if isinstance(form, CloseForm):
        in_group = [row for row in people if row.place.state == Place.State.TAKEN]
        form.explain(in_group)
        context["questions"] = session.later_questions.filter(answered_at=None)
        mailed, context["ways"] = ways(in_group, form.going_out)
        form.promise(mailed)
        context["pack"] = what_is_missing(form.resources)
        named = people
    audit.saw(request, (row.place for row in named), cohort=session.cohort, of=session)
    return render(request, "sessions_app/closing/close.html", context, status=422 if form.is_bound else 200)


def ways(people: Sequence[register.RegisterRow], resources: Sequence[Resource]) -> tuple[int, list[str]]:
    """How many get the pack by e-mail, and in a few lines who gets it how: "5 by e-mail", "3 on paper", and whose
    reason is another than asking."""
    contents = [packs.content(resource) for resource in resources]
    if len(packs.missing(contents)) == len(contents):  # nothing of it reaches anybody
        return 0, []
    decisions = [(row.called, *packs.way(row.place.caregiver, contents)) for row in people]
    mailed = sum(way == HandoutsBy.EMAIL for _name, way, _why in decisions)
    paper = len(decisions) - mailed
    lines = []
    if mailed:
        lines.append(ngettext("%(n)s by e-mail, now", "%(n)s by e-mail, now", mailed) % {"n": mailed})
    if paper:
        words = ngettext("%(n)s on paper: you get a list to print", "%(n)s on paper: you get a list to print", paper)
        lines.append(words % {"n": paper})
    if packs.mailed(contents):
        others = [
            (name, row.place.caregiver, why) for row, (name, _way, why) in zip(people, decisions, strict=True) if why
        ]
        lines += [f"{name}: {why}" for name, caregiver, why in others if caregiver.handouts_by != HandoutsBy.PAPER]
    return mailed, lines
