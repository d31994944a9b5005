"""A device that has signed in to this account before, known by a cookie that holds nobody's name.

The cookie has one mark for each person who signs in on this device, since offices share computers. A mark is signed
with the person's code and their password as it lies in the database: whose it is can only be said by asking for one
person after the other, and a new password ends it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ppg.models import User

DAYS = 180
MOST_PEOPLE = 5  # on one device; the first of them is forgotten first
BETWEEN = "~"


def known(request: HttpRequest, user: User) -> str:
    """The random name of this device, if this person has signed in on it before; else nothing."""
    return next((name for mark in _marks(request) if (name := _opened(mark, user))), "")


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Only in the answer to a sign-in that is complete, second factor and all."""
    others = [mark for mark in _marks(request) if not _opened(mark, user)]
    mark = _signer(user).sign(f"{secrets.token_urlsafe(16)}.{timezone.localdate().toordinal()}")
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        BETWEEN.join([mark, *others][:MOST_PEOPLE]),
        max_age=timedelta(days=DAYS),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    marks = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "").split(BETWEEN)
    return [mark for mark in marks if mark][:MOST_PEOPLE]


def _opened(mark: str, user: User) -> str:
    try:
        name, day = _signer(user).unsign(mark).split(".")
    except BadSignature:
        return ""
    return name if timezone.localdate().toordinal() - int(day) <= DAYS else ""


def _signer(user: User) -> Signer:
    return Signer(salt="ppg.device." + salted_hmac("ppg.device", f"{user.code} {user.password}").hexdigest())
