"""Passkeys (WebAuthn) as a second factor. The ceremonies are allauth's; each key has a code for its address."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ppg.links.codes import new_code
from ppg.models import User

Type = Authenticator.Type


def of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).order_by("created_at")


def creation_options(user: User) -> dict[str, Any]:
    """What the browser is asked to make; the challenge waits in the session and counts once."""
    return auth.begin_registration(user, passwordless=False)


def request_options(user: User) -> dict[str, Any]:
    return auth.begin_authentication(user)


@transaction.atomic
def add(user: User, name: str, credential: Any) -> Authenticator | None:
    """None where the browser's answer does not fit what it was asked."""
    try:
        auth.complete_registration(credential)
    except (ValidationError, ValueError, KeyError, TypeError):
        return None
    data = {"name": name, "credential": credential, "code": new_code()}
    return Authenticator.objects.create(user=user, type=Type.WEBAUTHN, data=data)


def accept(user: User, credential: Any) -> Authenticator | None:
    """The passkey that signed the challenge, if it is one of theirs."""
    try:
        row = auth.complete_authentication(user, credential)
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError):
        return None
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return row
