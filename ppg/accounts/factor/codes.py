"""Codes of an authenticator app, and recovery codes. Each counts once.

The arithmetic is allauth's (RFC 6238 over RFC 4226, six digits, steps of 30 seconds). It remembers a used code in the
cache, where whoever fills the cache makes it count again; here the step of the last code stands with the app itself.
"""

from __future__ import annotations

import time

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ppg.models import User

Type = Authenticator.Type
STEP_SECONDS = 30


def of(user: User) -> QuerySet[Authenticator]:
    """Their apps and passkeys. Recovery codes alone are no factor: they stand in for one."""
    return Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES).order_by("created_at")


def is_set_up(user: User) -> bool:
    return of(user).exists()


def new_secret() -> str:
    """What an app is given by its QR code: 160 bits in base 32."""
    return generate_totp_secret()


def step_of(secret: str, code: str) -> int | None:
    """The step of time whose code this is, if it is the present one."""
    now = int(time.time()) // STEP_SECONDS
    return now if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, now))) else None


@transaction.atomic
def add_app(user: User, secret: str, code: str) -> Authenticator | None:
    """Their app from now on, in place of the one before; None where the code is not this app's."""
    step = step_of(secret, code)
    if step is None:
        return None
    _lock(user)
    Authenticator.objects.filter(user=user, type=Type.TOTP).delete()
    data = {"secret": encrypt(secret), "last_step": step}
    return Authenticator.objects.create(user=user, type=Type.TOTP, data=data)


@transaction.atomic
def accept(user: User, code: str) -> Authenticator | None:
    """The app or the recovery codes that this code is of; it is used up with that. None: it is nobody's."""
    rows = Authenticator.objects.select_for_update().filter(user=user).exclude(type=Type.WEBAUTHN)
    for row in rows:
        accepted = _accept_of_app(row, code) if row.type == Type.TOTP else RecoveryCodes(row).validate_code(code)
        if accepted:
            Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
            return row
    return None


def _accept_of_app(row: Authenticator, code: str) -> bool:
    step = step_of(decrypt(row.data["secret"]), code)
    if step is None or step <= row.data.get("last_step", 0):
        return False
    row.data["last_step"] = step
    row.save(update_fields=["data"])
    return True


@transaction.atomic
def new_recovery_codes(user: User) -> None:
    """Ten codes in place of those before."""
    _lock(user)
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)


def recovery(user: User) -> RecoveryCodes | None:
    row = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return RecoveryCodes(row) if row else None


def _lock(user: User) -> None:
    """Two tabs that set up a factor at once would leave two, or two lists of codes."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
