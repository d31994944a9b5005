"""The people of a group, and adding one."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caregivers import actions
from caregivers.forms import ReferForm
from caregivers.people import board
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from programmes.models import Cohort


@requires(P.PEOPLE_SEE)
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    shown = board(cohort, timezone.now())
    audit.saw(request, shown.people, cohort=cohort)
    page = {"cohort": cohort, "board": shown, "key": str(uuid.uuid4())}
    return render(request, "caregivers/people.html", page)


@requires(P.PEOPLE_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    form = ReferForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if form.is_valid():
        told = form.cleaned_data
        key = told.pop("effect_key")
        person = once(key, lambda: actions.refer(cohort=cohort, by=request.user, **told).code)
        messages.success(request, _("Added. Next: talk to them, and ask for the police check."))
        return redirect(reverse("caregivers:record", args=[person]))
    status = 422 if form.is_bound else 200
    return render(request, "caregivers/add.html", {"cohort": cohort, "form": form}, status=status)
