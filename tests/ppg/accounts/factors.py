"""People with a second factor, and what their app or their passkey says."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from ppg.accounts.factor import codes
from ppg.encryption import crypto
from ppg.models import User

PASSWORD = "a long sentence to type"
STEP = 30


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def with_app(user: User) -> User:
    """Signs in with password and app; the app's last code was another time's."""
    with_password(user)
    secret = codes.new_secret()
    data = {"secret": crypto.encrypt(secret), "last_step": 0}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    codes.new_recovery_codes(user)
    return user


def code_of(user: User, steps: int = 0) -> str:
    """What their app shows, so many steps of 30 seconds from now."""
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return code_for(crypto.decrypt(row.data["secret"]), steps)


def code_for(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + steps))


def recovery_code_of(user: User) -> str:
    kept = codes.recovery(user)
    assert kept is not None
    return kept.get_unused_codes()[0]


def give_password(client: Client, user: User, **more: Any) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD, **more})


def give_code(client: Client, code: str, **more: Any) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code, **more})


def is_signed_in(client: Client) -> bool:
    """Reaches a page of staff."""
    return client.get(reverse("gallery")).status_code == 200
