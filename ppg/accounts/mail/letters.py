"""What an e-mail about an account says. Its subject and text tell a stranger the service's public name and no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ppg.models import AccountMail, User
from ppg.service_details import service
from ppg.time_of_day import clock

Kind = AccountMail.Kind
SUBJECTS: dict[str, Any] = {
    Kind.INVITATION: _("Your account"),
    Kind.PASSWORD_RESET: _("Your new password"),
    Kind.PASSWORD_CHANGED: _("Your password was changed"),
    Kind.FACTOR_ADDED: _("How you sign in was changed"),
    Kind.FACTOR_REMOVED: _("How you sign in was changed"),
    Kind.FACTOR_RESET: _("How you sign in was changed"),
    Kind.CODE_USED: _("A recovery code was used"),
    Kind.CODES_MADE: _("Your new recovery codes"),
    Kind.COUNCIL_CHANGED: _("How you sign in was changed"),
    Kind.READERS_CHANGED: _("An account was changed"),
    Kind.ROLE_CHANGED: _("Your account was changed"),
    Kind.ADDRESS_NEW: _("Your e-mail address was changed"),
    Kind.ADDRESS_OLD: _("Your e-mail address was changed"),
    Kind.BLOCKED: _("Your account was closed"),
    Kind.UNBLOCKED: _("Your account is open again"),
    Kind.RETENTION_DUE: _("Something is due"),
    Kind.DUE: _("What is due"),
    Kind.NEWS: _("Something new"),
    Kind.TRIAL: _("This e-mail has arrived"),
}


NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str
    ref: str


def write(mail: AccountMail, user: User, link: str, details: Mapping[str, Any] = NOTHING) -> Letter:
    """`details` are what was worked out for it just now (`ppg.accounts.mail.facts`)."""
    happened = timezone.localtime(details.get("happened", mail.happened_at), timezone.get_default_timezone())
    words = {
        "service": service.current(),
        "day": date_format(happened, "j F Y"),
        "time": clock(happened.time()),
        "link": link,
        "by": mail.by,
        "until": date_format(timezone.localtime() + timedelta(days=settings.INVITATION_DAYS), "l j F"),
    }
    text = render_to_string(f"account/email/{mail.kind}.txt", {**words, **details}).strip() + "\n"
    # Without a link it is the same at each try, and mail programs drop a second copy by its name.
    ref = f"{mail.code}.{mail.tries}" if link else mail.code
    return Letter(mail.address or user.email, str(SUBJECTS[mail.kind]), text, ref)
