"""The way to the council's sign-in and back."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access import asked_again, public
from ppg.accounts.council import actions
from ppg.accounts.council.adapters import stop


@public
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A link and no form: browsers hold our forms to our own addresses, and this one leads to the council's."""
    return _unless_down(openid_connect.login, request, provider_id)


@public
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _unless_down(openid_connect.callback, request, provider_id)


def _unless_down(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    """The council's server may be away, or answer with something else than it should."""
    try:
        return view(request, provider_id)
    except (requests.RequestException, ValueError, KeyError):
        try:
            stop(request, "down")
        except ImmediateHttpResponse as stopped:
            return stopped.response


@asked_again
@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    actions.disconnect(user=request.user)
    messages.success(request, _("Your council account does not sign you in here any more."))
    return redirect("account")
