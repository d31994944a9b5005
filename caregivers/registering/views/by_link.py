"""Registering by a personal link, or saying no, thank you.

Somebody else may see these pages or try the links: titles are neutral, nothing that was told is shown again, and a
link that is unknown, used, revoked or has run out gives one and the same page.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.consents.forms import wordings_shown
from caregivers.links.limits import MOST, SECONDS
from caregivers.models import How, LinkEnded, PersonalLink
from caregivers.places import actions as places
from caregivers.registering import actions
from caregivers.registering.forms import LinkRegistrationForm
from ppg.access.marks import public
from ppg.forms.back import kept_for_back
from ppg.forms.effects import token_of_press, with_content
from ppg.limits import spend
from ppg.links.codes import new_code, site
from ppg.links.views import ended

Purpose = PersonalLink.Purpose


@public
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    link = PersonalLink.objects.opened_by(token, now, Purpose.REGISTER).first()
    # The token of their own page belongs to this press and to what was typed: sent twice, both answers are the same
    # thank-you page. Who sends something else by a link that is used up reads that it was not kept.
    pressed = with_content(request.POST.get("effect_key") or new_code(), request.POST)
    own_token = token_of_press("register", token, pressed, by=None)
    if link is None:
        return over(request, own_token, now)
    form = LinkRegistrationForm(request.POST or None, wordings=wordings_shown(request.POST))
    status = 422 if form.is_bound and form.errors else 200
    if form.is_bound and spend("register", token, most=MOST, seconds=SECONDS):
        form.add_error(None, _("Too many tries. Wait five minutes, then press the button again."))
        status = 429
    elif form.is_valid() and form.is_checked():
        try:
            actions.register(
                caregiver=link.caregiver,
                cohort=link.cohort,
                how=How.ONLINE,
                link=link,
                token=own_token,
                site=site(request),
                **form.registration(),
            )
        except LinkEnded:
            return over(request, own_token, now)
        return redirect("registered", own_token)
    page = {"form": form, "token": token, "changed": "checked" in request.POST}
    return kept_for_back(render(request, "caregivers/registering/register.html", page, status=status), form)


def over(request: HttpRequest, own_token: str, now: datetime) -> HttpResponse:
    """The link has ended. Where this very press has come before, it made their own page: the same thanks once more."""
    own_page = PersonalLink.objects.opened_by(own_token, now, Purpose.OWN_PAGE)
    return redirect("registered", own_token) if request.method == "POST" and own_page.exists() else ended(request)


@public
@require_POST
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you. Sent twice it finds the link used up, and says the same as any link that has ended."""
    link = PersonalLink.objects.opened_by(token, timezone.now(), Purpose.REGISTER).first()
    if link is None:
        return ended(request)
    try:
        places.decline(cohort=link.cohort, caregiver=link.caregiver, link=link)
    except LinkEnded:
        return ended(request)
    return redirect("declined")


@public
@require_safe
def declined(request: HttpRequest) -> HttpResponse:
    return render(request, "caregivers/registering/declined.html")


@public
@require_safe
def registered(request: HttpRequest, token: str) -> HttpResponse:
    if not PersonalLink.objects.opened_by(token, timezone.now(), Purpose.OWN_PAGE).exists():
        return ended(request)
    return render(request, "caregivers/registering/registered.html", {"token": token})
