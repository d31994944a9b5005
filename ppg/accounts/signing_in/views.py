"""Signing in: the password, then a code or a passkey."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ppg.access.marks import public
from ppg.accounts import proof, slowing
from ppg.accounts.council.adapters import came_by_council
from ppg.accounts.factor import actions, codes, passkeys
from ppg.accounts.factor.forms import CodeForm, PasskeyForm
from ppg.accounts.signing_in.expired import with_typed
from ppg.forms import carried
from ppg.models import User
from ppg.service_details import service


def waits(response: HttpResponse) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return form is not None and form.has_error(NON_FIELD_ERRORS, "wait")


RECOVERY_FIGURES = 8
WAITING_FOR = "waiting_for"  # in the session: what a session of this person was checked against at the password


class FactorStage(AuthenticateStage):
    """allauth's question for a factor, left out where the council has asked for one and is trusted with it."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if settings.COUNCIL_ASKS_FACTOR and came_by_council(self.login):
            proof.show_factor(self.request, self.login.user)
            return None, True
        if self.login.user:
            self.request.session[WAITING_FOR] = self.login.user.get_session_auth_hash()
        return super().handle()


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    response = account.login(request)
    if waits(response):
        response.status_code = 429
    if request.POST.get(carried.SEALED) and (stage := waiting(request)):
        return ask_page(request, stage.login.user, CodeForm())
    return with_typed(request, response)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    stage = waiting(request)
    if stage is None:
        return redirect("home" if request.user.is_authenticated else "account_login")
    user = stage.login.user
    if request.method != "POST":
        return ask_page(request, user, CodeForm())
    form = None if "credential" in request.POST else CodeForm(request.POST)
    try:
        attempt = slowing.try_code(request, user)
    except slowing.Waiting as why:
        return ask_page(request, user, CodeForm(), wait=why.wait.sentence, status=429)
    factor = shown(user, form, request)
    if factor is None:
        attempt.failed()
        return ask_page(request, user, form or CodeForm(), status=422)
    attempt.succeeded()
    proof.show_factor(request, user)
    return with_typed(request, stage.exit())


def waiting(request: HttpRequest) -> Any:
    """The sign-in that has had its password and waits for a factor, if this browser has begun one. It ends with every
    session of its person: by a new password, a block, another role."""
    if request.user.is_authenticated:
        return None
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return None
    user = stage.login.user
    as_before = request.session.get(WAITING_FOR) == user.get_session_auth_hash() and user.is_active
    if as_before and codes.is_set_up(user):
        return stage
    clear_login(request)
    return None


def shown(user: User, form: CodeForm | None, request: HttpRequest) -> Authenticator | None:
    """The factor that this request shows, by its code or its passkey; the form says why there is none."""
    if form is not None:
        factor = actions.accept_code(user=user, code=form.cleaned_data["code"]) if form.is_valid() else None
        if factor is None and form.is_valid():
            form.add_error("code", why_not_code(form.cleaned_data["code"]))
        return factor
    passkey = PasskeyForm(request.POST)
    return passkeys.accept(user, passkey.cleaned_data["credential"]) if passkey.is_valid() else None


def why_not_code(code: str) -> str:
    if len("".join(code.split())) == RECOVERY_FIGURES:
        return _("This recovery code is not right, or was used already. Take the next one on your list.")
    words = _("This code is not right, or was used before. Wait for the next one in the line named %(name)s.")
    return words % {"name": service.current().name}


@public
@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Somebody else sits here now, or the phone is not at hand: back to the page with the password."""
    clear_login(request)
    return redirect("account_login")


def ask_page(request: HttpRequest, user: User, form: CodeForm, status: int = 200, wait: str = "") -> HttpResponse:
    """Carries what was typed before the sign-in had ended, as the page with the password did."""
    page = {
        "form": form,
        "wait": wait,
        "has_app": codes.of(user).filter(type=Authenticator.Type.TOTP).exists(),
        "passkey": passkeys.request_options(user) if passkeys.of(user).exists() else None,
        "passkey_failed": status == 422 and "credential" in request.POST,
        "carried": request.POST.get(carried.SEALED, ""),
    }
    return render(request, "account/signing_in/ask_factor.html", page, status=status)
