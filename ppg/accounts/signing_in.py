"""Signing in: the password, then a code or a passkey."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.account.stages import LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ppg import audit, carried
from ppg.access import public
from ppg.accounts import mail, proof, slowing
from ppg.accounts.council.adapters import came_by_council
from ppg.accounts.factor import codes, passkeys
from ppg.accounts.factor.forms import CodeForm, PasskeyForm
from ppg.models import User
from ppg.views.signed_out import with_typed


def waits(response: HttpResponse) -> bool:
    form = (getattr(response, "context_data", None) or {}).get("form")
    return form is not None and form.has_error(NON_FIELD_ERRORS, "wait")


class FactorStage(AuthenticateStage):
    """allauth's question for a factor, left out where the council has asked for one and is trusted with it."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if settings.COUNCIL_ASKS_FACTOR and came_by_council(self.login):
            proof.show_factor(self.request, self.login.user)
            return None, True
        return super().handle()


@public
def sign_in(request: HttpRequest) -> HttpResponse:
    response = account.login(request)
    if waits(response):
        response.status_code = 429
    if request.POST.get(carried.SEALED) and (stage := waiting(request)):
        return ask_page(request, stage.login.user, CodeForm())
    return with_typed(request, response)


@public
def ask(request: HttpRequest) -> HttpResponse:
    stage = waiting(request)
    if stage is None:
        return redirect("home" if request.user.is_authenticated else "account_login")
    user = stage.login.user
    if request.method != "POST":
        return ask_page(request, user, CodeForm())
    form = CodeForm(request.POST) if "code" in request.POST else None
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
    response = stage.exit()
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        audit.record(user, audit.Verb.CHANGED, user, fields=["recovery code used"])
        mail.post(mail.Kind.CODE_USED, user)
    return with_typed(request, response)


def waiting(request: HttpRequest) -> Any:
    """The sign-in that has had its password and waits for a factor, if this browser has begun one."""
    if request.user.is_authenticated:
        return None
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage if stage and codes.is_set_up(stage.login.user) else None


def shown(user: User, form: CodeForm | None, request: HttpRequest) -> Authenticator | None:
    """The factor that this request shows, by its code or its passkey; the form says why there is none."""
    if form is not None:
        factor = codes.accept(user, form.cleaned_data["code"]) if form.is_valid() else None
        if factor is None and form.is_valid():
            form.add_error("code", _("This code is not right, or was used before. Wait for the next one."))
        return factor
    passkey = PasskeyForm(request.POST)
    return passkeys.accept(user, passkey.cleaned_data["credential"]) if passkey.is_valid() else None


def ask_page(request: HttpRequest, user: User, form: CodeForm, status: int = 200, wait: str = "") -> HttpResponse:
    """Carries what was typed before the sign-in had ended, as the page with the password did."""
    page = {
        "form": form,
        "wait": wait,
        "has_app": codes.of(user).filter(type=Authenticator.Type.TOTP).exists(),
        "passkey": passkeys.request_options(user) if passkeys.of(user).exists() else None,
        "passkey_failed": status == 422 and "code" not in request.POST,
        "carried": request.POST.get(carried.SEALED, ""),
    }
    return render(request, "account/ask_factor.html", page, status=status)
