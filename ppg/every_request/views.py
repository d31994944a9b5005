"""What went wrong, in a sentence. The page for a fault needs neither database nor templates that do."""

from __future__ import annotations

import logging
import secrets

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ppg.access.marks import public
from ppg.accounts.signing_in.expired import carry, opened
from ppg.every_request.middleware import refusal_page
from ppg.logs import Shown

log = logging.getLogger("ppg.faults")
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(request, _("This page is not open to you."), status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return refusal_page(
            request, _("Nothing was saved: it was too much at once. Send less, or a smaller file."), status=413
        )
    return refusal_page(request, _("We could not read what your browser sent. Go back and try again."), status=400)


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of now: cookies are off or were removed, or its sender has signed in again since."""
    if page := opened(request, status=403) or carry(request):
        return page
    why = _("Nothing was saved: this page was open for a long time, or your browser keeps no cookies.")
    if request.user.is_authenticated:
        why = _("Nothing was saved: somebody has signed in here since this page was opened.")
    then = _("If you can still see what you typed, copy it. Then open the page again and send it once more.")
    return refusal_page(request, f"{why} {then}", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The reference stands on the page and in the log, beside what went wrong, so that the two are brought together."""
    request.fault = reference = Shown(secrets.token_hex(4))
    log.error("fault %s", reference)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
