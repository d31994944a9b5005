"""Registering by staff, and putting right what somebody told us."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.consents.forms import wordings_shown
from caregivers.registering import actions
from caregivers.registering.forms import DetailsForm, StaffRegistrationForm
from caregivers.seen import caregiver_of, referral_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.links.codes import site


@requires(P.PEOPLE_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The public form, read out or copied from paper."""
    referral = referral_of(request, code)
    caregiver, cohort = referral.caregiver, referral.cohort
    wordings, known = wordings_shown(request.POST), StaffRegistrationForm.about(caregiver)
    form = StaffRegistrationForm(request.POST or None, wordings=wordings, initial=known)
    if form.is_valid() and form.is_checked():
        values = form.registration() | {"how": form.cleaned_data["how"], "site": site(request)}
        key = form.cleaned_data["effect_key"]
        once(
            key,
            lambda: actions.register(caregiver=caregiver, cohort=cohort, by=request.user, **values).place.code,
            by=request.user,
            of=f"register {caregiver.code} {cohort.code}",
        )
        messages.success(request, _("They are registered."))
        return redirect(caregiver)
    audit.saw(request, [caregiver], cohort=cohort, fields=["details"])
    page = {"referral": referral, "form": form, "changed": "checked" in request.POST}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "caregivers/registering/by_staff.html", page, status=status)


@requires(P.PEOPLE_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    form = DetailsForm(request.POST or None, initial=DetailsForm.about(caregiver))
    if form.is_valid():
        actions.change_answers(caregiver=caregiver, answers=form.answers(), by=request.user)
        messages.success(request, _("Saved."))
        return redirect(caregiver)
    audit.saw(request, [caregiver], fields=["details"])
    page = {"caregiver": caregiver, "form": form}
    return render(request, "caregivers/registering/details.html", page, status=422 if form.is_bound else 200)
