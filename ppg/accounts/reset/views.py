"""Asking for a new password. The link's own page is allauth's.

What is done here is the same for every address, known or not, and says nothing to the mail server: one row, one job,
one answer (docs/decisions/account-mail.md).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import public
from ppg.accounts import mail, slowing
from ppg.accounts.reset.forms import AskForm
from ppg.forms.effects import once
from ppg.links.codes import site


@public
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    form = AskForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid() and (wait := slowing.ask_for_link(request, form.cleaned_data["email"])):
        form.add_error(None, wait.sentence)
        status = 429
    elif form.is_valid():
        address, key = form.cleaned_data["email"], form.cleaned_data["effect_key"]
        once(key, lambda: post(address, site(request)), by=None, of="reset")
        return redirect("account_reset_password_done")
    return render(request, "account/reset/ask.html", {"form": form}, status=status)


def post(address: str, where: str) -> str:
    """What `once` keeps says nothing about it."""
    mail.post(mail.Kind.PASSWORD_RESET, None, site=where, address=address)
    return ""


@public
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "account/reset/asked.html")
