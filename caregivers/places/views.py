"""Giving and freeing places. Every press names the group: it goes by the code of the person's referral to it."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caregivers.models import Place, Referral
from caregivers.places import actions
from caregivers.places.forms import OfferForm, SizeForm, WhyFirstForm
from caregivers.places.rules import Places, check_of
from caregivers.seen import referral_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once, with_content
from ppg.forms.fields import EffectKeyField
from programmes.models import Cohort

Action = Callable[..., Place]


def do(request: HttpRequest, referral: Referral, action: Action, done: str, **values: Any) -> HttpResponse:
    """One press, one effect; then back to the record, which shows what came of it."""
    pressed = EffectKeyField().clean(request.POST.get("effect_key"))
    caregiver = referral.caregiver
    once(
        with_content(pressed, request.POST),
        lambda: action(cohort=referral.cohort, caregiver=caregiver, by=request.user, **values).code,
        by=request.user,
        of=f"{action.__name__} {referral.code}",
    )
    messages.success(request, done)
    return redirect(caregiver)


def seat(request: HttpRequest, code: str, action: Action, heading: str, done: str) -> HttpResponse:
    """Gives a place at once, or asks why where somebody else is next."""
    referral = referral_of(request, code)
    if not Places.of(referral.cohort, timezone.now()).goes_first(referral.caregiver_id):
        return do(request, referral, action, done) if request.method == "POST" else redirect(referral.caregiver)
    form = WhyFirstForm(request.POST or None)
    if form.is_valid():
        return do(request, referral, action, done, why_first=form.cleaned_data["why_first"])
    form.cancel_url = referral.caregiver.get_absolute_url()
    audit.saw(request, [referral])
    page = {"referral": referral, "form": form, "heading": heading}
    return render(request, "caregivers/places/why_first.html", page, status=422 if form.is_bound else 200)


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, code: str) -> HttpResponse:
    return seat(request, code, actions.take_place, _("Give the place"), _("They are in the group."))


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps a place until a day that is chosen; one press on the record keeps it for the usual time."""
    referral = referral_of(request, code)
    caregiver, seats = referral.caregiver, Places.of(referral.cohort, timezone.now())
    goes_first, why_not = seats.goes_first(caregiver.pk), seats.why_not_offer(caregiver.pk, check_of(caregiver))
    usual = request.method == "POST" and "until_day" not in request.POST and "until" not in request.POST
    if usual and not goes_first:
        return do(
            request, referral, actions.offer, _("A place is kept for them for a week. Now send them the link, or ring.")
        )
    if why_not and request.method != "POST":
        return redirect(caregiver)
    form = OfferForm(None if usual else request.POST or None, goes_first=goes_first)
    if form.is_valid():
        return do(
            request,
            referral,
            actions.offer,
            _("A place is kept for them. Now send them the link, or ring."),
            **form.offered(),
        )
    form.cancel_url = caregiver.get_absolute_url()
    audit.saw(request, [referral])
    page = {"referral": referral, "form": form, "why_not": why_not, "goes_first": goes_first}
    return render(request, "caregivers/places/offer.html", page, status=422 if usual or form.is_bound else 200)


@requires(P.PLACE_GIVE)
@require_POST
def wait(request: HttpRequest, code: str) -> HttpResponse:
    return do(request, referral_of(request, code), actions.wait, _("They are on the waiting list."))


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    referral = referral_of(request, code)
    if request.method == "POST":
        return do(request, referral, actions.leave, _("Done. They no longer have a place."))
    audit.saw(request, [referral])
    in_group = referral.cohort.place_set.in_group().filter(caregiver=referral.caregiver).exists()
    page = {"referral": referral, "in_group": in_group, "key": str(uuid.uuid4())}
    return render(request, "caregivers/places/leave.html", page)


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def size(request: HttpRequest, code: str) -> HttpResponse:
    """How many places the group has."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    form = SizeForm(request.POST or None, initial={"places": cohort.places})
    if form.is_valid():
        try:
            actions.set_size(cohort=cohort, by=request.user, places=form.cleaned_data["places"])
        except Refused as refusal:
            form.add_error("places", str(refusal))
        else:
            messages.success(request, _("Saved. The group has %(n)s places.") % {"n": cohort.places})
            return redirect("caregivers:people", code)
    page = {"cohort": cohort, "form": form, "seats": Places.of(cohort, timezone.now())}
    return render(request, "caregivers/places/size.html", page, status=422 if form.is_bound else 200)
