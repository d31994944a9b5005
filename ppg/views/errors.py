"""What went wrong, in a sentence. The page for a fault needs neither database nor templates that do."""

from __future__ import annotations

import logging
import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ppg.access import public
from ppg.middleware import refusal_page

log = logging.getLogger("ppg.faults")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(request, _("This page is not open to you."), status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal_page(request, _("We could not read what your browser sent. Go back and try again."), status=400)


@public
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: cookies are off, or the page stood open since before a sign-out."""
    sentence = _("This page was open for a long time. Go back, load it again and send the form once more.")
    return refusal_page(request, sentence, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """The reference stands on the page and in the log, so that the two can be brought together."""
    reference = secrets.token_hex(4)
    log.error("fault %s", reference)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


@public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Staff are invited by an administrator."""
    raise Http404
