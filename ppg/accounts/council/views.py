"""The way to the council's sign-in and back."""

from __future__ import annotations

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import asked_again, public
from ppg.accounts.council import actions
from ppg.accounts.council.adapters import stopped_page

PROVIDER = "council"
NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "issuer", "jwks_uri")
ASK_ANEW = "prompt=login&max_age=0"  # of the council: not only whether somebody is signed in there since the morning


class Provider(OpenIDConnectOAuth2Adapter):
    """A server that answers with something else than it should is as good as none."""

    @property
    def openid_config(self) -> dict[str, str]:
        config = super().openid_config
        if not isinstance(config, dict) or any(name not in config for name in NEEDED):
            raise requests.RequestException("The council's server does not say where its pages are.")
        return config


@public
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A link and no form: browsers hold our forms to our own addresses, and this one leads to the council's."""
    return _to_the_council(request, provider_id, "login")


@asked_again
@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """From the page of one's own account, and no other: another site's link connects nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return redirect("account")
    return _to_the_council(request, PROVIDER, "connect")


def _to_the_council(request: HttpRequest, provider_id: str, process: str) -> HttpResponse:
    """Of the address only where to go afterwards is taken along, and whether to ask anew."""
    query = request.GET.copy()
    for name in list(query):
        if name != "next":
            del query[name]
    query["process"] = process
    if "anew" in request.GET:
        query["auth_params"] = ASK_ANEW
    request.GET = query  # type: ignore[assignment]
    return _unless_down(OAuth2LoginView, request, provider_id)


@public
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _unless_down(OAuth2CallbackView, request, provider_id)


def _unless_down(view: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(Provider(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except requests.RequestException:
        return stopped_page(request, "down")
    except ImmediateHttpResponse as stopped:
        return stopped.response


@asked_again
@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    actions.disconnect(user=request.user)
    messages.success(request, _("Your council account does not sign you in here any more."))
    return redirect("account")
