"""A tablet that goes round a room: one sheet after the other, and nothing of the last one left on it.

Public like the form itself, and nobody is signed in there (`pass_round`). Unlike on a phone of one's own
every look is a new sheet: pages are never stored, fields have other names each time, and Back finds an empty one.
"""

from __future__ import annotations

import re
import secrets

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.answering.sending import by_open_link, take_in
from feedback.languages.queries import interface, said_in
from feedback.models import Form
from feedback.paper.views import find_form, is_anonymous
from feedback.results.least_answers import least
from feedback.tablet.forms import TabletForm
from ppg.access.marks import public, requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.links.views import ended

SHEET = re.compile(r"s[0-9a-f]{12}")


@requires(P.FEEDBACK_SEE)
@require_POST
def pass_round(request: HttpRequest, code: str) -> HttpResponse:
    """Signs out of this browser, for good, before it goes from hand to hand.

    Ticks of the register that still wait stay on the device; what it shows of people goes
    (`ppg.accounts.signing_in.sign_out`).
    """
    form = find_form(request, code)
    if not is_anonymous(form) or not form.is_open(timezone.now()):
        raise Refused(_("This form has closed, so there is nothing to answer on a tablet."))
    logout(request)
    response = redirect("tablet", form.code)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@public
@require_safe
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Between two people."""
    return render(request, "feedback/tablet/tablet.html", {"code": code}) if asked_in(code) else ended(request)


@public
@csrf_exempt  # as on the form itself
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    asked = asked_in(code)
    if asked is None:
        return ended(request)
    said = said_in(asked.questionnaire, request.GET.get("lang", ""))
    name = next(filter(SHEET.fullmatch, request.GET), f"s{secrets.token_hex(6)}")
    form = TabletForm(said.questions, request.POST if request.method == "POST" else None, prefix=name, said=said)
    taken = take_in(request, form, by_open_link(request, asked), thanks=reverse("tablet_thanks", args=[code]))
    if isinstance(taken, HttpResponse):
        return taken
    page = {"form": form, "said": said, "least": least(), "code": code}
    with translation.override(interface(said.language.code if said.language else "")):
        return render(request, "feedback/tablet/sheet.html", page, status=taken)


@public
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same for every code, without looking it up."""
    return render(request, "feedback/tablet/tablet.html", {"code": code, "sent": True})


def asked_in(code: str) -> Form | None:
    return Form.objects.anonymous().open(timezone.now()).filter(code=code).select_related("questionnaire").first()
