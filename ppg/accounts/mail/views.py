"""E-mails that did not go out, for an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.accounts.mail import posting
from ppg.models import AccountMail

State, Why = AccountMail.State, AccountMail.Why
COLOURS = {State.FAILED: "red", State.UNKNOWN: "yellow", State.WAITING: "blue"}
PAGE = 50


@dataclass(frozen=True)
class MailLine:
    """One e-mail as the page shows it."""

    mail: AccountMail
    state: AccountMail.State
    seen: str

    @property
    def colour(self) -> str:
        return COLOURS[self.state]

    @property
    def again(self) -> bool:
        return self.state != State.WAITING

    @property
    def reason(self) -> Any:
        if self.state == State.WAITING:
            return self.mail.get_why_display() or _("Nothing sends e-mails at the moment: the worker is not running.")
        return self.mail.get_why_display() or Why.DIED.label


@requires(P.USER_MANAGE)
@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = Paginator(posting.undelivered(now), PAGE).get_page(request.GET.get("page"))
    lines = [MailLine(mail, State(mail.state_at(now)), posting.as_seen(mail, now)) for mail in page]
    return render(request, "account/mail/undelivered.html", {"page": page, "lines": lines})


@requires(P.USER_MANAGE)
@require_POST
def again(request: HttpRequest, code: str) -> HttpResponse:
    if posting.send_again(code=code, by=request.user, seen=request.POST.get("seen", "")):
        messages.success(request, _("It is on its way."))
    return redirect("users_mail")


@requires(P.USER_MANAGE)
@require_POST
def drop(request: HttpRequest, code: str) -> HttpResponse:
    posting.drop(code=code, by=request.user)
    return redirect("users_mail")
