"""Setting up a second factor, the codes beside it, and taking one away."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ppg.access.marks import asked_again, before_factor
from ppg.accounts import devices, proof, sessions
from ppg.accounts.factor import actions, codes, passkeys
from ppg.accounts.factor.adapters import SecondFactorAdapter
from ppg.accounts.factor.forms import NewAppForm, PasskeyForm
from ppg.encryption import crypto
from ppg.models import User

NEW_SECRET = "new_app"  # noqa: S105  where it lies in the session, encrypted, until the app has shown a code


@before_factor
@asked_again
@require_http_methods(["GET", "HEAD", "POST"])
def app(request: HttpRequest) -> HttpResponse:
    """The QR code, and the first code of the app that has read it. A reload shows the same one."""
    secret = _secret(request)
    form = NewAppForm(request.POST or None)
    if form.is_valid():
        if actions.add_app(user=request.user, secret=secret, code=form.cleaned_data["code"]):
            del request.session[NEW_SECRET]
            return _set_up(request)
        form.add_error("code", _("That is not the code that the app shows now. Enter the newest one."))
    page = {
        "form": form,
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "address": SecondFactorAdapter().build_totp_url(request.user, secret),
        "qr": qr_code(request.user, secret),
        "first": not codes.is_set_up(request.user),
    }
    return render(request, "account/factor/app.html", page, status=422 if form.is_bound else 200)


def _set_up(request: HttpRequest) -> HttpResponse:
    """The sign-in is complete with that, and the device known."""
    proof.show_factor(request, request.user)
    kept = codes.recovery(request.user)
    if kept and kept.did_view:
        messages.success(request, _("It is set up."))
    response = redirect("account" if kept and kept.did_view else "recovery_codes")
    devices.remember(request, response, request.user)
    return response


def _secret(request: HttpRequest) -> str:
    if NEW_SECRET not in request.session:
        request.session[NEW_SECRET] = crypto.encrypt(codes.new_secret())
    return crypto.decrypt(request.session[NEW_SECRET])


def qr_code(user: User, secret: str) -> SafeString:
    address = SecondFactorAdapter().build_totp_url(user, secret)
    svg = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", title=_("QR code for the app"))
    return mark_safe(svg)  # noqa: S308  segno's own drawing; the address is inside it as dots


@before_factor
@asked_again
@require_http_methods(["GET", "HEAD", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """The browser makes the key and asks its person for finger, face or PIN."""
    form = PasskeyForm(request.POST or None)
    failed = form.is_bound
    if form.is_valid():
        name = sessions.device(request.META.get("HTTP_USER_AGENT", ""))
        if actions.add_passkey(user=request.user, name=name, credential=form.cleaned_data["credential"]):
            return _set_up(request)
    page = {
        "options": passkeys.creation_options(request.user),
        "failed": failed,
        "first": not codes.is_set_up(request.user),
    }
    return render(request, "account/factor/passkey.html", page, status=422 if failed else 200)


@asked_again
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes, until their owner says that they are kept. Afterwards only how many are left."""
    kept = codes.recovery(request.user)
    if request.method == "POST" and kept:
        actions.keep_recovery_codes(user=request.user)
        return redirect("home")
    unseen = kept is not None and not kept.did_view
    left = kept.get_unused_codes() if kept else []
    page = {
        "codes": [f"{code[:4]} {code[4:]}" for code in left] if unseen else [],
        "left": len(left),
        "has_factor": codes.is_set_up(request.user),
    }
    return render(request, "account/factor/recovery_codes.html", page)


@asked_again
@require_POST
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    actions.new_recovery_codes(user=request.user)
    return redirect("recovery_codes")


@asked_again
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, which: str) -> HttpResponse:
    """`which`: "app", or a passkey's code."""
    one = {"type": "totp"} if which == "app" else {"data__code": which}
    row = get_object_or_404(codes.of(request.user), **one)
    if request.method == "POST":
        actions.remove(user=request.user, factor=row)
        messages.success(request, _("It is removed."))
        return redirect("account")
    page = {"factor": row, "why_not": actions.why_not_remove(request.user)}
    return render(request, "account/factor/remove.html", page)
