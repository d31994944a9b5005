"""What holds for every request: headers, sign-in, permission, refusals."""

from __future__ import annotations

import ipaddress
import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ppg.access import lasting
from ppg.access.marks import PUBLIC, SIGNED_IN
from ppg.access.permissions import Permission, can
from ppg.access.refusals import Refused
from ppg.accounts import proof
from ppg.accounts.confirming.views import ask_first
from ppg.accounts.factor import codes
from ppg.accounts.signing_in.expired import carry
from ppg.every_request import headers
from ppg.forms.fields import number_in

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


class ClientAddress:
    """Behind our own reverse proxies, the visitor's address is the one that the outermost of them wrote down.

    Without it a whole council would share one limit. With PPG_PROXIES at 0 nobody's word is taken.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if 0 < settings.PROXIES <= len(chain) and (address := _address(chain[-settings.PROXIES])):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


def _address(written: str) -> str:
    """Without the port that some proxies write after it: each connection has another. Nothing where it is none."""
    text = written.strip()
    if port := re.fullmatch(r"\[(.+)\](?::\d+)?|([\d.]+):\d+", text):
        text = port[1] or port[2]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


class Readable:
    """What comes in is text that a database can keep, and what was sent as a form is one.

    A zero byte is no letter, and nobody could see it in a field to take it out: it is left out of whatever is read.
    PostgreSQL keeps none and would end in an error. An address with one leads nowhere. What was sent and holds no field
    when it is read, such as half a form, would otherwise look like a page that was only opened.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value.replace("\0", "") for name, value in request.COOKIES.items()}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if "\0" in request.path:
            raise Http404
        request.GET = _without_zeros(request.GET)  # type: ignore[assignment]
        if request.method != "POST":
            return
        try:
            request.POST = _without_zeros(request.POST)  # type: ignore[assignment]
        except UnreadablePostError as broke_off:
            raise BadRequest from broke_off
        if not request.POST and not request.FILES and _holds_something(request):
            raise BadRequest("What was sent holds no field of a form.")


def _holds_something(request: HttpRequest) -> bool:
    """More than a form without fields, which in parts is the line that ends it."""
    length = number_in(request.META.get("CONTENT_LENGTH") or "") or 0
    parameters = request.content_params or {}
    return length > (len(f"--{parameters['boundary']}--\r\n") if "boundary" in parameters else 0)


def _without_zeros(sent: QueryDict) -> QueryDict:
    if not any("\0" in value for _name, values in sent.lists() for value in values):
        return sent
    clean = sent.copy()
    for name, values in sent.lists():
        clean.setlist(name, [value.replace("\0", "") for value in values])
    clean._mutable = False
    return clean


class NoCircle:
    """Where PPG_PROXIES does not fit, sending people to HTTPS would send them in a circle: it says so instead.

    Their browser speaks HTTPS with a proxy whose word on that is missing or does not count, so that every request looks
    as if it came without.
    """

    OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        to_https = settings.SECURE_SSL_REDIRECT and response.status_code == 301 and not request.is_secure()
        if to_https and (why := self.why_in_a_circle(request)):
            log.error(why)
            return HttpResponse(f"This service is not set up yet. {why}", status=500, content_type="text/plain")
        return response

    def why_in_a_circle(self, request: HttpRequest) -> str:
        if settings.PROXIES and "X-Forwarded-Proto" not in request.headers:
            return "PPG_PROXIES names a proxy, and none says by X-Forwarded-Proto how the visitor came. Let it say so."
        if not settings.PROXIES and any(name in request.headers for name in self.OF_PROXIES):
            return "A proxy stands in front, and PPG_PROXIES is 0. Set it to the number of proxies."
        return ""


class ResponseHeaders:
    """Strict headers on every answer; nothing personal is kept by a browser or a proxy.

    It stands around all others: files, the way to HTTPS and whatever another refuses carry them too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in headers.POLICY.items():
            response.headers.setdefault(name, value)
        return response


class EndOldSessions:
    """Signs a person out after half an hour without anybody at work, and after ten hours in any case: `lasting`."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            lasting.close_or_go_on(request)
        return self.get_response(request)


class SignInRequired:
    """The one place where the permission table is enforced. A view without a mark is refused to everybody."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        access = getattr(view, "access", None)
        if access == PUBLIC:
            return None
        if not request.user.is_authenticated:
            return carry(request) or redirect_to_login(request.get_full_path())
        if proof.lacks_factor(request) and (response := self.demand_factor(request, view)):
            return response
        if access == SIGNED_IN or (isinstance(access, Permission) and can(request.user, access)):
            again = getattr(view, "again", False)
            return ask_first(request, again) if again and not proof.is_confirmed(request) else None
        if getattr(view, "hidden", False):
            raise Http404
        sentence = _("Your role does not open this page. Ask whoever runs the service if you need what is on it.")
        return refusal_page(request, sentence, status=403)

    def demand_factor(self, request: HttpRequest, view: Any) -> HttpResponse | None:
        """A session of the password alone opens nothing but the way to a factor, and nothing at all once there is
        one: that was set up in another browser, and this one has not shown it."""
        if codes.is_set_up(request.user):
            logout(request)
            return carry(request) or redirect_to_login(request.get_full_path())
        return None if getattr(view, "before_factor", False) else redirect("factor_app")


class Refusals:
    """A refusal that no form caught becomes a page with its sentence, never a stack trace."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return refusal_page(request, str(exception), status=exception.status)
        return None


def refusal_page(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    """Where nobody has looked yet who it is, for a wrong host or a database that is away, the page has nothing but the
    sentence: it reads no person, no setting of the council and no list of files."""
    if hasattr(request, "user"):
        return render(request, "errors/refused.html", {"sentence": sentence}, status=status)
    return HttpResponse(render_to_string("errors/bare.html", {"sentence": sentence}), status=status)
