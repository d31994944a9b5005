"""Somebody came who is not on the register: who may join now, and what to do where somebody may not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.models import Caregiver, PoliceCheck
from caregivers.places import SAY_WHY, Places
from ppg.access import requires
from ppg.permissions import P, can
from ppg.refusals import Refused
from sessions_app.actions import register as actions
from sessions_app.models import Session
from sessions_app.register_forms import LetInForm

NAMED = ["code", "name", "liked_name", "registered_at"]


@dataclass(frozen=True)
class Visitor:
    """Somebody known to this group without a place in it."""

    caregiver: Caregiver
    why_not: str  # nothing: they may join now
    to_do: str
    must_register: bool
    goes_first: bool  # others are next: the lead may say why this person comes before them


def visitors(people: list[Caregiver], places: Places, may_override: bool) -> list[Visitor]:
    """By name; who may join now comes first."""
    found = []
    for person in people:
        place, check = places.of_caregiver(person.pk), person.check_outcome
        why_not = places.why_not_give(place, check, person.registered_at is not None)
        goes_first = not why_not and places.goes_first(place)
        if goes_first and not may_override:
            why_not = _("Others are before them on the waiting list. Only the programme lead can change the order.")
        clear = check == PoliceCheck.Outcome.CLEAR
        must_register = bool(why_not) and clear and person.registered_at is None and bool(places.free)
        found.append(
            Visitor(person, why_not, to_do(check, must_register) if why_not else "", must_register, goes_first)
        )
    return sorted(found, key=lambda one: (bool(one.why_not), one.caregiver.called.casefold(), one.caregiver.pk))


def to_do(check: str | None, must_register: bool) -> str:
    """What to do about somebody who stands at the door and cannot join."""
    if check == PoliceCheck.Outcome.CONCERN:
        return _("Talk to them on their own, without giving a reason, and call the programme lead before they go.")
    if check != PoliceCheck.Outcome.CLEAR:
        return _("Thank them for coming and offer a talk after the session. Ask the programme lead about the check.")
    if must_register:
        return _("Register them now, together with them. After that they can join.")
    return _("Thank them for coming and offer a talk after the session. The programme lead will call them.")


@requires(P.REGISTER_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def somebody_else(request: HttpRequest, code: str) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)
    places = Places.of(session.cohort, timezone.now())
    in_group = [place.caregiver_id for place in places.taken]
    people = (
        Caregiver.objects.visible_to(request.user).filter(referrals__cohort=session.cohort).exclude(pk__in=in_group)
    )
    may_override = can(request.user, P.PLACE_GIVE)
    form = LetInForm(request.POST or None)
    error = ""
    if form.is_valid():
        person = get_object_or_404(
            Caregiver.objects.visible_to(request.user).filter(referrals__cohort=session.cohort),
            code=form.cleaned_data["person"],
        )
        why_first = form.cleaned_data["why_first"] if may_override else ""
        try:
            made = actions.let_in(
                session=session, caregiver=person, key=form.cleaned_data["key"], by=request.user, why_first=why_first
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            return redirect(reverse("sessions:register", args=[code]) + f"#row-{made.place.code}")
    elif form.is_bound:
        error = _("We could not read what was sent. Choose the person once more.")
    listed = visitors(list(people.with_check().only(*NAMED)), places, may_override)
    context = {
        "session": session,
        "visitors": listed,
        "free": places.free,
        "error": error,
        "say_why": SAY_WHY,
        "why_first": request.POST.get("why_first") or _("Came to session %(number)s") % {"number": session.number},
        "new_key": lambda: str(uuid.uuid4()),
        "tried": request.POST.get("person", ""),
    }
    return render(request, "sessions_app/register_somebody_else.html", context, status=422 if error else 200)
