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
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from ppg.accounts.staff import actions
from ppg.models import User

CLOCKS_APART = 60  # seconds that the council's clock may go before ours


class CouncilAdapter(DefaultSocialAccountAdapter):
    """Nobody gets an account here because they have one at the council: people are invited."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        claims = self._claims(sociallogin)
        sociallogin.state["fresh"] = is_fresh(claims)
        self._forget_claims(sociallogin)
        if sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            return
        user = invited(claims)
        if user is None:
            stop(request, "unknown")
        sociallogin.connect(request, actions.join(user=user, password=None))  # which saves all of who it is given

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

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        return reverse("account")


def invited(claims: dict[str, Any]) -> User | None:
    """Whose invitation was sent to the address that the council vouches for, and still stands."""
    email = str(claims.get("email") or "").lower()
    if not email or claims.get("email_verified") is False:
        return None
    user = User.objects.invited().filter(email=email).first()
    return user if user and user.invitations.live(timezone.now()).exists() else None


def is_fresh(claims: dict[str, Any]) -> bool:
    """Whether they showed the council just now who they are. Being signed in there since the morning is not that."""
    at = claims.get("auth_time")
    return isinstance(at, int | float) and -CLOCKS_APART < time.time() - at < settings.CONFIRMED_SECONDS


def came_by_council(login: Login) -> bool:
    return "sociallogin" in (login.signal_kwargs or {})


def stop(request: HttpRequest, why: str) -> NoReturn:
    """Ends the way in a sentence. `why`: unknown, cancelled, failed or down."""
    status = {"unknown": 403, "cancelled": 200, "failed": 401, "down": 503}[why]
    raise ImmediateHttpResponse(render(request, "account/council/stopped.html", {"why": why}, status=status))
