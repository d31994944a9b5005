"""Registering somebody, by staff or by a link that staff make."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caregivers import actions
from caregivers.forms import StaffRegistrationForm
from caregivers.models import Referral
from caregivers.seen import referral_of
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.formfields import EffectKeyField
from ppg.links import site
from ppg.permissions import P


@requires(P.PEOPLE_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, code: str) -> HttpResponse:
    """The public form, read out or copied from paper."""
    referral = referral_of(request, code)
    caregiver, cohort = referral.caregiver, referral.cohort
    form = StaffRegistrationForm.asked(request.POST, initial=StaffRegistrationForm.about(caregiver))
    if form.is_valid():
        told = form.registration() | {"how": form.cleaned_data["how"], "site": site(request)}
        key = form.cleaned_data["effect_key"]
        once(key, lambda: actions.register(caregiver=caregiver, cohort=cohort, by=request.user, **told).place.code)
        messages.success(request, _("%(name)s is registered.") % {"name": form.cleaned_data["name"]})
        return redirect(caregiver)
    audit.saw(request, [caregiver], cohort=cohort, fields=["details"])
    page = {"referral": referral, "form": form}
    return render(request, "caregivers/register_by_staff.html", page, status=422 if form.is_bound else 200)


@requires(P.PEOPLE_REGISTER)
@require_POST
def invite(request: HttpRequest, code: str) -> HttpResponse:
    referral = referral_of(request, code)
    token = token_of(request, "invite", code)
    actions.invite(caregiver=referral.caregiver, cohort=referral.cohort, by=request.user, token=token)
    return show_link(request, referral, "register", token)


@requires(P.PEOPLE_REGISTER)
@require_POST
def own_page(request: HttpRequest, code: str) -> HttpResponse:
    referral = referral_of(request, code)
    token = token_of(request, "own page", code)
    actions.make_own_page(caregiver=referral.caregiver, cohort=referral.cohort, by=request.user, token=token)
    return show_link(request, referral, "own_page", token)


def token_of(request: HttpRequest, purpose: str, code: str) -> str:
    return actions.token_of_press(purpose, code, EffectKeyField().clean(request.POST.get("effect_key")))


def show_link(request: HttpRequest, referral: Referral, name: str, token: str) -> HttpResponse:
    """The link, once: it is not kept, so it is the answer to the press itself and no page one could come back to."""
    audit.saw(request, [referral])
    address = site(request) + reverse(name, args=[token])
    page = {"referral": referral, "address": address, "purpose": name}
    return render(request, "caregivers/link.html", page)
