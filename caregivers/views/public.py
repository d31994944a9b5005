"""What a caregiver sees: registering by a personal link, and afterwards their own page.

Somebody else may see these pages or try the links: titles are neutral, nothing that was told is shown again, and a
link that is unknown, used, revoked or has run out gives one and the same page.
"""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import actions, record
from caregivers.forms import RegistrationForm
from caregivers.models import ConsentKind, ConsentWording, How, PersonalLink
from caregivers.opening import MOST, SECONDS, link_of
from ppg.access import public
from ppg.limits import too_many
from ppg.links import new_code, site
from ppg.refusals import Refused
from ppg.views.links import ended

Purpose = PersonalLink.Purpose


@public
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = link_of(token, Purpose.REGISTER, now)
    # The token of their own page belongs to this press: sent twice, both answers are the same thank-you page.
    own = actions.token_of_press("register", token, request.POST.get("effect_key") or new_code())
    if link is None:
        return redirect("registered", own) if sent_before(request, own, now) else ended(request)
    form = RegistrationForm.asked(request.POST)
    status = 422 if form.is_bound else 200
    if form.is_bound and too_many(request, "register", most=MOST, seconds=SECONDS):
        form.add_error(None, _("Too many tries. Wait five minutes, then press the button again."))
        status = 429
    elif form.is_valid():
        try:
            actions.register(
                caregiver=link.caregiver,
                cohort=link.cohort,
                how=How.ONLINE,
                link=link,
                token=own,
                site=site(request),
                **form.registration(),
            )
        except actions.LinkEnded:
            return redirect("registered", own) if sent_before(request, own, now) else ended(request)
        return redirect("registered", own)
    return render(request, "caregivers/register.html", {"form": form, "token": token}, status=status)


def sent_before(request: HttpRequest, own: str, now: datetime) -> bool:
    return request.method == "POST" and link_of(own, Purpose.OWN_PAGE, now) is not None


@public
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you. Sent twice it finds the link used up, and says the same as any link that has ended."""
    link = link_of(token, Purpose.REGISTER, timezone.now())
    if link is None:
        return ended(request)
    try:
        actions.decline(cohort=link.cohort, caregiver=link.caregiver, link=link)
    except actions.LinkEnded:
        return ended(request)
    return redirect("declined")


@public
@require_safe
def declined(request: HttpRequest) -> HttpResponse:
    return render(request, "caregivers/declined.html")


@public
@require_safe
def registered(request: HttpRequest, token: str) -> HttpResponse:
    if link_of(token, Purpose.OWN_PAGE, timezone.now()) is None:
        return ended(request)
    return render(request, "caregivers/registered.html", {"token": token})


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.NOTICE)


@public
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.KEPT)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.ACCESS)


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.COOKIES)


# Neutral: somebody else may see the screen.
HEADINGS = {
    ConsentWording.NOTICE: gettext_lazy("What we do with what you tell us"),
    ConsentWording.KEPT: gettext_lazy("What we keep, and how long"),
    ConsentWording.ACCESS: gettext_lazy("Accessibility statement"),
    ConsentWording.COOKIES: gettext_lazy("Cookies"),
}


def text(request: HttpRequest, kind: str) -> HttpResponse:
    """What the council says to everybody, at an address of its own, so that a form that is half filled in stays."""
    newest = ConsentWording.objects.latest_of(kind)
    if newest is None:
        raise Http404
    return render(request, "caregivers/text.html", {"notice": newest, "heading": HEADINGS[kind]})


@public
@require_safe
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    """The place that is kept for them, what they agreed to, and one press to take it back."""
    now = timezone.now()
    link = link_of(token, Purpose.OWN_PAGE, now)
    return ended(request) if link is None else own(request, token, link, now)


def own(request: HttpRequest, token: str, link: PersonalLink, now: datetime, refusal: str = "") -> HttpResponse:
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
        "ran_out": bool(place and place.ran_out(now)),
        "refusal": refusal,
    }
    return render(request, "caregivers/own_page.html", page, status=409 if refusal else 200)


@public
@require_POST
def own_place(request: HttpRequest, token: str) -> HttpResponse:
    """Yes or no to the place that is kept for them."""
    now = timezone.now()
    link = link_of(token, Purpose.OWN_PAGE, now)
    answer = request.POST.get("answer")
    if link is None or answer not in ("yes", "no"):
        return ended(request)
    try:
        actions.answer_offer(cohort=link.cohort, caregiver=link.caregiver, yes=answer == "yes")
    except Refused as refusal:
        return own(request, token, link, now, str(refusal))
    return redirect("own_page", token)


@public
@require_POST
def own_withdraw(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    link = link_of(token, Purpose.OWN_PAGE, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    actions.withdraw(caregiver=link.caregiver, kind=kind)
    return redirect("own_receipt", token, kind)


@public
@require_POST
def own_agree(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    link = link_of(token, Purpose.OWN_PAGE, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    version = request.POST.get("version", "")
    actions.agree(caregiver=link.caregiver, kind=kind, version=int(version) if version.isdecimal() else None)
    return redirect("own_page", token)


@public
@require_safe
def own_receipt(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """What stops now, and what cannot be called back."""
    link = link_of(token, Purpose.OWN_PAGE, timezone.now())
    if link is None or kind not in ConsentKind.values:
        return ended(request)
    last = link.caregiver.consents.filter(kind=kind).select_related("wording").last()
    if last is None or last.given:
        return redirect("own_page", token)
    page = {"token": token, "last": last, "kind": kind, "left_behind": record.left_behind(last)}
    return render(request, "caregivers/own_receipt.html", page)
