"""An invitation's link: opening it changes nothing; choosing a password uses it up."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ppg.access.marks import public
from ppg.accounts.joining import actions
from ppg.accounts.passwords.forms import NewPasswordForm
from ppg.models import Invitation


@public
def join(request: HttpRequest, token: str) -> HttpResponse:
    links = Invitation.objects.opened_by(token, timezone.now()).select_related("user")
    link = links.filter(user__is_active=True, user__joined_at=None).first()
    if link is None:
        return render(request, "account/joining/ended.html", status=404)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if form.is_valid():
        user = actions.join(user=link.user, password=form.cleaned_data["password1"])
        if request.user.is_authenticated:  # somebody else's computer: their session is not the new one's
            logout(request)
        return perform_login(request, Login(user=user, email=user.email))
    page = {"form": form, "person": link.user}
    return render(request, "account/joining/join.html", page, status=422 if form.is_bound else 200)


@public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Staff are invited by an administrator."""
    raise Http404
