"""Making a caregiver's own link, and showing it once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from caregivers.links import actions
from caregivers.models import Referral
from caregivers.seen import referral_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import token_of_press
from ppg.forms.fields import EffectKeyField
from ppg.links.codes import site


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
    key = EffectKeyField().clean(request.POST.get("effect_key"))
    return token_of_press(purpose, code, key, by=request.user)


def pieces(address: str) -> list[str]:
    """An address as it is read out: what stands before the code, and the code in pieces that an ear can hold."""
    begins, _slash, token = address.rstrip("/").partition("://")[2].rpartition("/")
    return [f"{begins}/", *(token[at : at + PIECE] for at in range(0, len(token), PIECE))]


PIECE = 4


def show_link(request: HttpRequest, referral: Referral, name: str, token: str) -> HttpResponse:
    """The link, once: it is not kept, so it is the answer to the press itself and no page one could come back to."""
    audit.saw(request, [referral])
    address = site(request) + reverse(name, args=[token])
    page = {"referral": referral, "address": address, "purpose": name, "pieces": pieces(address)}
    return render(request, "caregivers/links/link.html", page)
