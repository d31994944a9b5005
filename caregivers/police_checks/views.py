"""Writing down the outcome of a police check."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.models import PoliceCheck
from caregivers.police_checks import actions
from caregivers.police_checks.forms import CheckForm
from caregivers.seen import caregiver_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import once


@requires(P.CHECK_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    form = CheckForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        once(
            key,
            lambda: actions.record_check(caregiver=caregiver, by=request.user, **values).caregiver.code,
            by=request.user,
            of=f"check {caregiver.code}",
        )
        messages.success(request, _("The outcome of the police check is saved."))
        if (
            values["outcome"] != PoliceCheck.Outcome.CLEAR
            and caregiver.places.visible_to(request.user).in_group().exists()
        ):
            messages.warning(
                request, _("They are in the group now. Talk to your safeguarding lead before the next session.")
            )
        return redirect(caregiver)
    audit.saw(request, [caregiver])
    page = {"caregiver": caregiver, "form": form}
    return render(request, "caregivers/police_checks/check.html", page, status=422 if form.is_bound else 200)
