"""Somebody reached us: adding them, the first call, whose turn it is, and no, thank you.

All but the first go by the code of the person's referral to the group.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from caregivers.models import Place, Referral
from caregivers.people.queries import leads_of
from caregivers.people.queries import person as person_in
from caregivers.places.actions import decline
from caregivers.referrals import actions
from caregivers.referrals.forms import ContactForm, OwnerForm, ReferForm
from caregivers.seen import referral_of
from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.forms.fields import EffectKeyField
from programmes.models import Cohort
from programmes.team.queries import team_who_may


@requires(P.RECRUIT)
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """How to reach them, and whether somebody did."""
    referral = referral_of(request, code)
    form = ContactForm(request.POST or None, initial={"on": timezone.localdate()})
    if form.is_valid():
        values = form.cleaned_data
        once(
            values["effect_key"],
            lambda: write_down(request, referral, values),
            by=request.user,
            of=f"contact {referral.code}",
        )
        messages.success(request, _("Saved."))
        return redirect("caregivers:people", referral.cohort.code)
    audit.saw(request, [referral], of=referral, fields=["name", "phone", "email", "safe_ways"])
    page = {"who": person_in(referral, timezone.now()), "referral": referral, "form": form}
    return render(request, "caregivers/referrals/contact.html", page, status=422 if form.is_bound else 200)


def write_down(request: HttpRequest, referral: Referral, values: dict) -> str:
    if values["reached"] == ContactForm.NOT_REACHED:
        actions.not_reached(referral=referral, on=values["on"], by=request.user, again_on=values["again_on"])
        return referral.code
    actions.contacted(referral=referral, on=values["on"], by=request.user)
    if values["reached"] == ContactForm.NO:
        say_no(request, referral)
    return referral.code


def say_no(request: HttpRequest, referral: Referral) -> None:
    """Whoever recruits may write it down. A place that is taken is freed by those who give places."""
    taken = Place.objects.visible_to(request.user).filter(
        cohort=referral.cohort, caregiver=referral.caregiver, state=Place.State.TAKEN
    )
    if not can(request.user, P.PLACE_GIVE) and taken.exists():
        raise Refused(_("They have a place in the group. Only the programme lead can free it."))
    decline(cohort=referral.cohort, caregiver=referral.caregiver, by=request.user)


@requires(P.RECRUIT)
@require_POST
def declined(request: HttpRequest, code: str) -> HttpResponse:
    """One press, at any stage."""
    referral = referral_of(request, code)
    pressed = EffectKeyField().clean(request.POST.get("effect_key"))

    def once_said() -> str:
        say_no(request, referral)
        return referral.code

    once(pressed, once_said, by=request.user, of=f"declined {referral.code}")
    messages.success(request, _("They said no, thank you. Their record has the way back."))
    return redirect("caregivers:people", referral.cohort.code)


@requires(P.RECRUIT)
@require_http_methods(["GET", "HEAD", "POST"])
def owner(request: HttpRequest, code: str) -> HttpResponse:
    """Who does the next step."""
    referral = referral_of(request, code)
    form = OwnerForm(
        request.POST or None,
        team=team_who_may(referral.cohort, P.RECRUIT),
        lead=leads_of([referral.cohort_id]).get(referral.cohort_id),
        initial={"owner": referral.owner_id or ""},
    )
    if form.is_valid():
        actions.name_owner(referral=referral, by=request.user, owner=form.cleaned_data["owner"])
        messages.success(request, _("Saved."))
        return redirect("caregivers:people", referral.cohort.code)
    audit.saw(request, [referral])
    page = {"who": person_in(referral, timezone.now()), "referral": referral, "form": form}
    return render(request, "caregivers/referrals/owner.html", page, status=422 if form.is_bound else 200)


@requires(P.PEOPLE_REGISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    form = ReferForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        person = once(
            key,
            lambda: actions.refer(cohort=cohort, by=request.user, **values).code,
            by=request.user,
            of=f"refer {cohort.code}",
        )
        messages.success(request, _("Added. Next: talk to them, and ask for the police check."))
        return redirect(reverse("caregivers:record", args=[person]))
    status = 422 if form.is_bound else 200
    return render(request, "caregivers/referrals/add.html", {"cohort": cohort, "form": form}, status=status)
