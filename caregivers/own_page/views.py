"""A caregiver's own page: the place that is kept for them, what they agreed to, and taking it back.

Somebody else may see these pages or try the links: titles are neutral, nothing that was told is shown again, and a
link that is unknown, used, revoked or has run out gives one and the same page.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from caregivers import record_parts
from caregivers.consents.actions import agree, withdraw
from caregivers.models import ConsentKind, ConsentWording, PersonalLink
from caregivers.own_page import actions
from ppg.access.marks import public
from ppg.access.refusals import Refused
from ppg.forms.fields import number_in
from ppg.links.views import ended


def opened_by(token: str, now: datetime) -> PersonalLink | None:
    return PersonalLink.objects.opened_by(token, now, PersonalLink.Purpose.OWN_PAGE).first()


@public
@require_safe
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    """The place that is kept for them, what they agreed to, and one press to take it back."""
    now = timezone.now()
    link = opened_by(token, now)
    return ended(request) if link is None else page_of(request, token, link, now)


def page_of(request: HttpRequest, token: str, link: PersonalLink, now: datetime, refusal: str = "") -> HttpResponse:
    current = {row.kind: row for row in link.caregiver.consents.current().select_related("wording")}
    newest = ConsentWording.objects.newest()
    consents = []
    for kind in ConsentKind.values:
        row = current.get(kind)
        given = bool(row and row.given)
        consents.append({"kind": kind, "given": given, "wording": row.wording if row and given else newest[kind]})
    # The name of the group is on no page: somebody else may see this one.
    place = link.caregiver.places.filter(cohort=link.cohort_id).with_check().first()
    page = {
        "token": token,
        "consents": consents,
        "place": place,
        "in_confidence": record_parts.own_page(link.caregiver),
        "ran_out": bool(place and place.ran_out(now)),
        "refusal": refusal,
    }
    return render(request, "caregivers/own_page/own_page.html", page, status=409 if refusal else 200)


@public
@require_POST
def own_place(request: HttpRequest, token: str) -> HttpResponse:
    """Yes or no to the place that is kept for them."""
    now = timezone.now()
    link = opened_by(token, now)
    answer = request.POST.get("answer")
    if link is None or answer not in ("yes", "no"):
        return ended(request)
    try:
        actions.answer_offer(cohort=link.cohort, caregiver=link.caregiver, yes=answer == "yes")
    except Refused as refusal:
        return page_of(request, token, link, now, str(refusal))
    return redirect("own_page", token)


@public
@require_POST
def own_withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    link = opened_by(token, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    withdraw(caregiver=link.caregiver, kind=kind)
    return redirect("own_receipt", token, kind)


@public
@require_POST
def own_agree(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    link = opened_by(token, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    agree(caregiver=link.caregiver, kind=kind, version=number_in(request.POST.get("version", "")))
    return redirect("own_page", token)


@public
@require_safe
def own_receipt(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """What stops now, and what cannot be called back."""
    link = opened_by(token, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    last = link.caregiver.consents.filter(kind=kind).select_related("wording").last()
    if last is None or last.given:
        return redirect("own_page", token)
    page = {"token": token, "last": last, "kind": kind, "left_behind": record_parts.left_behind(last)}
    return render(request, "caregivers/own_page/receipt.html", page)
