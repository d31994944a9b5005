"""One's own account: name, password, second factor, where one is signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import before_factor, signed_in
from ppg.accounts import sessions
from ppg.accounts.council import actions as council
from ppg.accounts.factor import codes, passkeys
from ppg.accounts.passwords import actions as passwords
from ppg.accounts.passwords.forms import ChangePasswordForm
from ppg.accounts.profile import actions
from ppg.accounts.profile.forms import NameForm, WorkMailForm

STAYS = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    kept = codes.recovery(request.user)
    page = {
        "app": codes.of(request.user).filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": passkeys.of(request.user),
        "codes_left": len(kept.get_unused_codes()) if kept else None,
        "connected": council.is_connected(request.user),
        "why_not_disconnect": council.why_not_disconnect(request.user),
        "sign_ins": sessions.of(request.user),
        "here": request.session.session_key,
    }
    return render(request, "account/profile/account.html", page)


@signed_in
@require_http_methods(STAYS)
def name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        actions.rename(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Your name is saved."))
        return redirect("account")
    return render(request, "account/profile/name.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(STAYS)
def work_mail(request: HttpRequest) -> HttpResponse:
    form = WorkMailForm(request.POST or None, initial={"work_mail": request.user.work_mail})
    if form.is_valid():
        actions.choose_work_mail(user=request.user, work_mail=form.cleaned_data["work_mail"])
        messages.success(request, _("Your choice is saved."))
        return redirect("account")
    return render(request, "account/profile/work_mail.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(STAYS)
def password(request: HttpRequest) -> HttpResponse:
    """Ends every session but this one."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if form.is_valid():
        passwords.choose(user=request.user, password=form.cleaned_data["password1"], by=request.user)
        sessions.keep_here(request)
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("account")
    return render(request, "account/profile/password.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def sign_out_there(request: HttpRequest, code: str) -> HttpResponse:
    sign_in = get_object_or_404(sessions.of(request.user), code=code)
    actions.sign_out(user=request.user, sign_in=sign_in)
    messages.success(request, _("Signed out on: %(device)s.") % {"device": sign_in.device})
    return redirect("account")


@before_factor
@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Here too: whoever presses it may not know which of the devices is in other hands."""
    actions.sign_out_everywhere(user=request.user)
    request.session.flush()
    return redirect("account_login")
