"""Somebody came who is not on the register: who may join now, and what to do where somebody may not."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.models import Place, PoliceCheck
from caregivers.people import Person, board
from caregivers.places import SAY_WHY
from ppg import audit
from ppg.access import requires
from ppg.permissions import P, can
from ppg.refusals import Refused
from sessions_app.actions import register as actions
from sessions_app.models import Session
from sessions_app.register_forms import LetInForm


@dataclass(frozen=True)
class Visitor:
    """Somebody known to this group who is not in it."""

    person: Person
    may_override: bool

    @property
    def why_not(self) -> str:
        """Why they cannot join now, or nothing."""
        if why := self.person.why_not_give:
            return why
        if self.person.passes_somebody and not self.may_override:
            return _("Others are before them on the waiting list. Only the programme lead can change the order.")
        return ""

    @property
    def only_registering_is_missing(self) -> bool:
        person = self.person
        return not person.registered and not person.seats.why_not_give(person.caregiver.pk, person.check, True)

    @property
    def to_do(self) -> str:
        """What to do about somebody who stands at the door and cannot join."""
        if self.person.check == PoliceCheck.Outcome.CONCERN:
            return _("Talk to them on their own, without giving a reason, and call the programme lead before they go.")
        if self.person.check != PoliceCheck.Outcome.CLEAR:
            return _(
                "Thank them for coming and offer a talk after the session. Ask the programme lead about the check."
            )
        if self.only_registering_is_missing:
            return _("Register them now, together with them. After that they can join.")
        return _("Thank them for coming and offer a talk after the session. The programme lead will call them.")


@requires(P.REGISTER_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def somebody_else(request: HttpRequest, code: str) -> HttpResponse:
    session = get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)
    may_override = can(request.user, P.PLACE_GIVE)
    people = board(session.cohort, timezone.now())
    form = LetInForm(request.POST or None)
    error = ""
    if form.is_valid():
        sent = form.cleaned_data
        person = next((one for one in people.people if one.caregiver.code == sent["person"]), None)
        if person is None:
            raise Http404
        why_first = sent["why_first"] if may_override else ""
        try:
            made = actions.let_in(
                session=session, caregiver=person.caregiver, key=sent["key"], by=request.user, why_first=why_first
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            return redirect(reverse("sessions:register", args=[code]) + f"#row-{made.place.code}")
    elif form.is_bound:
        error = _("We could not read what was sent. Choose the person once more.")
    visitors = [Visitor(person, may_override) for person in people.people if person.where != Place.State.TAKEN]
    audit.saw(request, (visitor.person for visitor in visitors), cohort=session.cohort, of=session)
    context = {
        "session": session,
        "visitors": sorted(visitors, key=lambda one: (bool(one.why_not), one.person.caregiver.called.casefold())),
        "free": people.seats.free,
        "error": error,
        "tried": request.POST.get("person", ""),
        "say_why": SAY_WHY,
        "why_first": request.POST.get("why_first") or _("Came to session %(number)s") % {"number": session.number},
        "new_key": lambda: str(uuid.uuid4()),
    }
    return render(request, "sessions_app/register_somebody_else.html", context, status=422 if error else 200)
