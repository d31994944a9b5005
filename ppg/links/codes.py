"""Codes in addresses, and secret links for people without an account."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import HttpRequest


def new_code() -> str:
    """128 random bits, 22 characters: what an address carries in place of a number."""
    return secrets.token_urlsafe(16)


def site(request: HttpRequest) -> str:
    """ "https://host", for addresses that are read elsewhere: in e-mails, QR codes, calendars. In production it is the
    name that the settings give, not the one that a visitor's browser says."""
    return public_site() if settings.PRODUCTION else request.build_absolute_uri("/").rstrip("/")


def public_site() -> str:
    """Where people reach the product, as far as the settings say."""
    return f"https://{settings.ALLOWED_HOSTS[0]}" if settings.PRODUCTION else "http://127.0.0.1:8000"


def digest(token: str) -> str:
    """What is stored of a secret link: whoever reads the database cannot open it."""
    return hashlib.sha256(token.encode()).hexdigest()


class CodeField(models.CharField):
    """A record's random code, unique, made with the record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 22, "default": new_code, "unique": True, "editable": False, **kwargs})


class SecretLinkQuerySet(models.QuerySet):
    def live(self, now: datetime) -> Self:
        """Neither expired, nor revoked, nor used up."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True, used_at__isnull=True
        )

    def revoke(self, now: datetime) -> int:
        """Those that are live open nothing any more; says how many."""
        return self.live(now).update(revoked_at=now)

    def opened_by(self, token: str, now: datetime) -> Self:
        """The live link this token opens, if there is one."""
        return self.live(now).filter(token_hash=digest(token))

    def issue(self, *, token: str = "", **fields: Any) -> tuple[Any, str]:
        """A new link and the token for its address, that of the press where it has one (`token_of_press`). The token is
        not kept and cannot be shown again."""
        token = token or new_code()
        return self.create(token_hash=digest(token), **fields), token


class SecretLink(models.Model):
    """A link that opens something personal: stored hashed, expiring, revocable."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
