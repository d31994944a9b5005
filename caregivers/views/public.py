"""What a caregiver sees: registering by a personal link, and afterwards their own page.

Somebody else may see these pages or try the links: titles are neutral, nothing that was told is shown again, and a
link that is unknown, used, revoked or has run out gives one and the same page.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import actions
from caregivers.forms import RegistrationForm
from caregivers.models import ConsentKind, ConsentWording, How, PersonalLink
from ppg.access import public
from ppg.limits import too_many
from ppg.links import new_code, site

Purpose = PersonalLink.Purpose
# A venue's wifi is one address for a whole group and its helpers.
MOST, SECONDS = 40, 300


def link_of(token: str, purpose: str, now: datetime) -> PersonalLink | None:
    return PersonalLink.objects.opened_by(token, now).filter(purpose=purpose).first()


def ended(request: HttpRequest) -> HttpResponse:
    return render(request, "caregivers/link_ended.html", status=404)


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
def own_page(request: HttpRequest, token: str) -> HttpResponse:
    """What they agreed to, and one press to take it back."""
    link = link_of(token, Purpose.OWN_PAGE, timezone.now())
    if link is None:
        return ended(request)
    current = {row.kind: row for row in link.caregiver.consents.current().select_related("wording")}
    newest = ConsentWording.objects.newest()
    consents = []
    for kind in ConsentKind.values:
        row = current.get(kind)
        given = bool(row and row.given)
        consents.append({"kind": kind, "given": given, "wording": row.wording if row and given else newest[kind]})
    page = {"token": token, "consents": consents, "notice": newest[ConsentWording.NOTICE]}
    return render(request, "caregivers/own_page.html", page)


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
    return render(request, "caregivers/own_receipt.html", {"token": token, "last": last, "kind": kind})
