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
from caregivers.people.queries import person as person_in
from caregivers.place_rules import Places
from caregivers.places import actions
from caregivers.places.forms import OfferForm, SizeForm, WhyFirstForm
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
    messages.success(request, done % {"name": caregiver.called})
    return redirect(caregiver)


def seat(request: HttpRequest, code: str, action: Action, heading: str, done: str) -> HttpResponse:
    """Gives a place at once, or asks why where somebody else is next."""
    referral = referral_of(request, code)
    who = person_in(referral, timezone.now())
    if not who.passes_somebody:
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
    return seat(request, code, actions.take_place, _("Give the place"), _("%(name)s is in the group."))


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """Keeps a place until a day that is chosen; one press on the record keeps it for the usual time."""
    referral = referral_of(request, code)
    who = person_in(referral, timezone.now())
    usual = request.method == "POST" and "until_day" not in request.POST and "until" not in request.POST
    if usual and not who.passes_somebody:
        return do(request, referral, actions.offer, _("A place is kept for %(name)s for a week."))
    if who.why_not_offer and request.method != "POST":
        return redirect(referral.caregiver)
    form = OfferForm(None if usual else request.POST or None, passes_somebody=who.passes_somebody)
    if form.is_valid():
        return do(request, referral, actions.offer, _("A place is kept for %(name)s."), **form.offered())
    form.cancel_url = referral.caregiver.get_absolute_url()
    audit.saw(request, [referral])
    page = {"referral": referral, "form": form, "who": who}
    return render(request, "caregivers/places/offer.html", page, status=422 if usual or form.is_bound else 200)


@requires(P.PLACE_GIVE)
@require_POST
def wait(request: HttpRequest, code: str) -> HttpResponse:
    return do(request, referral_of(request, code), actions.wait, _("%(name)s is on the waiting list."))


@requires(P.PLACE_GIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, code: str) -> HttpResponse:
    referral = referral_of(request, code)
    if request.method == "POST":
        return do(request, referral, actions.leave, _("Done. %(name)s no longer has a place."))
    audit.saw(request, [referral])
    page = {"referral": referral, "who": person_in(referral, timezone.now()), "key": str(uuid.uuid4())}
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
