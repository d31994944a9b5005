"""One press sets a group's time: the page shows old and new dates first."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.models import Slot
from caregivers.times.words import spoken
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.fields import EffectKeyField
from sessions_app.bookings import stands_for
from sessions_app.models import how_many_sent_apologies
from sessions_app.occasions import occasions
from sessions_app.setting_time import actions
from sessions_app.setting_time.queries import clashes, why_not
from sessions_app.setting_time.queries import plan as plan_of


@requires(P.TIMES)
@require_http_methods(["GET", "HEAD", "POST"])
def set_time(request: HttpRequest, code: str) -> HttpResponse:
    slot = get_object_or_404(Slot.objects.visible_to(request.user).select_related("cohort"), code=code)
    problem = ""
    if request.method == "POST":
        key = EffectKeyField().clean(request.POST.get("effect_key"))
        try:
            told = {name: request.POST.get(name, "") for name in ("seen", "despite")}
            actions.set_time(slot=slot, by=request.user, effect_key=key, **told)
        except Refused as refusal:
            problem = str(refusal)
        else:
            done = _("The group meets on %(when)s. Tell the group: no message is sent from here.")
            messages.success(request, done % {"when": spoken(slot)})
            return redirect("caregivers:times", slot.cohort.code)
    plan = plan_of(slot.cohort, slot, timezone.now())
    booked = clashes(slot.cohort, plan, request.user)
    moving = [move.session for move in plan.moves if not move.stays]
    said = occasions([timezone.localdate(move.to) for move in plan.moves])
    page = {
        "moves": [(move, said.get(timezone.localdate(move.to), [])) for move in plan.moves],
        "booked": booked,
        "apologies": how_many_sent_apologies(moving),
        "despite": stands_for(booked),
        "slot": slot,
        "cohort": slot.cohort,
        "when": spoken(slot),
        "plan": plan,
        "why_not": why_not(plan),
        "problem": problem,
        "key": str(uuid.uuid4()),
    }
    return render(request, "sessions_app/setting_time/set_time.html", page, status=409 if problem else 200)
