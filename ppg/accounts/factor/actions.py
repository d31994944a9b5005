"""What changes somebody's second factor: each is in the trail, and its owner reads of it by e-mail."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ppg import audit
from ppg.accounts import mail, sessions
from ppg.accounts.factor import codes, passkeys
from ppg.models import User
from ppg.refusals import Refused


@transaction.atomic
def add_app(*, user: User, secret: str, code: str) -> Authenticator | None:
    return _added(user, codes.add_app(user, secret, code), "app")


@transaction.atomic
def add_passkey(*, user: User, name: str, credential: Any) -> Authenticator | None:
    return _added(user, passkeys.add(user, name, credential), "passkey")


def _added(user: User, row: Authenticator | None, what: str) -> Authenticator | None:
    if row is None:
        return None
    if codes.recovery(user) is None:
        codes.new_recovery_codes(user)
    audit.record(user, audit.Verb.CHANGED, user, fields=["second factor", f"{what} added"])
    mail.post(mail.Kind.FACTOR_ADDED, user)
    return row


def why_not_remove(user: User) -> str:
    """Why no factor of theirs can go now, or nothing."""
    if settings.SECOND_FACTOR_REQUIRED and codes.of(user).count() < 2:
        return _("This is your only second factor. Set up another one first.")
    return ""


@transaction.atomic
def remove(*, user: User, factor: Authenticator) -> None:
    """One app or passkey. With the last of them the recovery codes go too: they stood in for it."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if why := why_not_remove(user):
        raise Refused(why)
    factor.delete()
    if not codes.is_set_up(user):
        Authenticator.objects.filter(user=user).delete()
    audit.record(user, audit.Verb.CHANGED, user, fields=["second factor", "removed"])
    mail.post(mail.Kind.FACTOR_REMOVED, user)


@transaction.atomic
def new_recovery_codes(*, user: User) -> None:
    if not codes.is_set_up(user):
        raise Refused(_("Set up a second factor first. Recovery codes stand in for it."))
    codes.new_recovery_codes(user)
    audit.record(user, audit.Verb.CHANGED, user, fields=["recovery codes"])
    mail.post(mail.Kind.CODES_MADE, user)


def why_not_reset(user: User, by: User) -> str:
    """Why `by` cannot reset it, or nothing. Whoever could reset their own would need no factor."""
    if user.pk == by.pk:
        return _("You cannot reset your own second factor. Another administrator can.")
    return "" if codes.is_set_up(user) else _("%(name)s has no second factor yet.") % {"name": user.name}


@transaction.atomic
def reset(*, user: User, by: User) -> None:
    """For who has lost both: all factors and codes go, every session ends, and the next sign-in sets up a new one."""
    if why := why_not_reset(user, by):
        raise Refused(why)
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    audit.record(by, audit.Verb.CHANGED, user, fields=["second factor", "reset"])
    mail.post(mail.Kind.FACTOR_RESET, user, by=by)
