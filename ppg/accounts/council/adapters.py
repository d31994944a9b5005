"""Whom the council's sign-in lets in: somebody it has let in before, or somebody whose invitation waits."""

from __future__ import annotations

import time
from typing import Any, NoReturn

from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import proof
from ppg.accounts.council import actions
from ppg.accounts.joining import actions as joining
from ppg.models import User

CLOCKS_APART = 60  # seconds that the council's clock may go before ours


class CouncilAdapter(DefaultSocialAccountAdapter):
    """Nobody gets an account here because they have one at the council: people are invited."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = self._claims(sociallogin)
        sociallogin.state["fresh"] = is_fresh(claims)
        self._forget_claims(sociallogin)
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            self._connect(request, sociallogin)
        if sociallogin.is_existing:
            return
        user = invited(claims)
        if user is None:
            stop(request, "unknown")
        sociallogin.connect(request, joining.join(user=user, password=None))  # which saves all of who it is given

    def _connect(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        """By somebody who is signed in, with all that this takes, and was asked once more (`council.views.connect`)."""
        if not request.user.is_authenticated or proof.lacks_factor(request):
            stop(request, "failed")
        try:
            actions.connect(user=request.user, request=request, sociallogin=sociallogin)
        except Refused:
            stop(request, "taken")
        messages.success(request, _("You can sign in with %(council)s now.") % {"council": settings.COUNCIL_SIGN_IN})
        raise ImmediateHttpResponse(redirect("account"))

    def _claims(self, sociallogin: SocialLogin) -> dict[str, Any]:
        said = sociallogin.account.extra_data
        return {**said.get("userinfo", {}), **said.get("id_token", {})}

    def _forget_claims(self, sociallogin: SocialLogin) -> None:
        """What the council's directory says of somebody is no business of ours beyond who it is."""
        sociallogin.account.extra_data = {}
        SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Name and address are those of the invitation."""
        return sociallogin.user

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **kwargs: Any) -> None:
        stop(request, "cancelled" if error == AuthError.CANCELLED else "failed")


def invited(claims: dict[str, Any]) -> User | None:
    """Whose invitation was sent to the address that the council vouches for, and still stands."""
    email = str(claims.get("email") or "").lower()
    if not email or claims.get("email_verified") not in (None, True):
        return None
    user = User.objects.invited().filter(email=email).first()
    return user if user and user.invitations.live(timezone.now()).exists() else None


def is_fresh(claims: dict[str, Any]) -> bool:
    """Whether they showed the council just now who they are. Being signed in there since the morning is not that."""
    at = claims.get("auth_time")
    return isinstance(at, int | float) and -CLOCKS_APART < time.time() - at < settings.CONFIRMED_SECONDS


def came_by_council(login: Login) -> bool:
    return "sociallogin" in (login.signal_kwargs or {})


STATUS = {"unknown": 403, "taken": 409, "cancelled": 200, "failed": 401, "down": 503}


def stopped_page(request: HttpRequest, why: str) -> HttpResponse:
    """The way ends in a sentence. `why` is one of STATUS."""
    return render(request, "account/council/stopped.html", {"why": why}, status=STATUS[why])


def stop(request: HttpRequest, why: str) -> NoReturn:
    """The same, from inside allauth."""
    raise ImmediateHttpResponse(stopped_page(request, why))
