"""What changes somebody's second factor: each is in the trail, and its owner reads of it by e-mail."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import leaving, mail, sessions
from ppg.accounts.factor import codes, passkeys
from ppg.audit_trail import audit
from ppg.models import User

ALONE_DAYS = 7  # in which no administrator alone changes somebody's address and resets their factor


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


@transaction.atomic
def accept_code(*, user: User, code: str) -> Authenticator | None:
    """The app or the recovery codes that this code is of; it is used up with that. That a recovery code was used is in
    the trail, and its owner reads of it: somebody may have found the list."""
    factor = codes.accept(user, code)
    if factor and factor.type == Authenticator.Type.RECOVERY_CODES:
        audit.record(user, audit.Verb.CHANGED, user, fields=["recovery code used"])
        mail.post(mail.Kind.CODE_USED, user)
    return factor


@transaction.atomic
def keep_recovery_codes(*, user: User) -> None:
    """Their owner has them: they are not shown again. Under the lock of the codes, or one that is used in this moment
    would count once more."""
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row:
        row.wrap().mark_as_viewed()


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


def why_not_reset(user: User, by: User | None) -> str:
    """Why `by` cannot reset it, or nothing. Whoever could reset their own would need no factor. None: the command on
    the server, for the only administrator."""
    if by and user.pk == by.pk:
        return _("You cannot reset your own second factor. Another administrator can.")
    if not codes.is_set_up(user):
        return _("%(name)s has no second factor yet.") % {"name": user.name}
    if by and audit.did_lately(by, user, "email", days=ALONE_DAYS):
        return _(
            "You changed the address of %(name)s a few days ago. Whoever did both could sign in as %(name)s: another "
            "administrator resets the second factor."
        ) % {"name": user.name}
    return ""


@transaction.atomic
def reset(*, user: User, by: User | None) -> None:
    """For who has lost both: all factors and codes go, every session ends, and the next sign-in sets up a new one."""
    user = leaving.hold_accounts(user, by=by)[user.pk]
    if why := why_not_reset(user, by):
        raise Refused(why)
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    audit.record(by, audit.Verb.CHANGED, user, fields=["second factor", "reset"])
    mail.post(mail.Kind.FACTOR_RESET, user, by=by)
    mail.tell_readers(user, by)
