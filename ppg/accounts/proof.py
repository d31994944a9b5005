"""What a session has shown of the person behind it: the second factor, and a moment ago that it is still them.

Both lie in the session, so each browser shows them for itself, and both end with it.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest

from ppg.models import User

FACTOR, CONFIRMED = "factor", "confirmed"


def show_factor(request: HttpRequest, user: User) -> None:
    """This browser's person has given a code, a passkey or a recovery code just now."""
    request.session[FACTOR] = user.code


def has_factor(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.session.get(FACTOR) == request.user.code


def lacks_factor(request: HttpRequest) -> bool:
    """Signed in by the password alone, where that is not enough."""
    return settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated and not has_factor(request)


def confirm(request: HttpRequest) -> None:
    """Signed in, or gave password or code once more, just now."""
    request.session[CONFIRMED] = time.time()


def forget(request: HttpRequest) -> None:
    """The way they signed in did not show that it is them who sit there now."""
    request.session.pop(CONFIRMED, None)


def is_confirmed(request: HttpRequest) -> bool:
    age = time.time() - request.session.get(CONFIRMED, 0)
    return 0 <= age < settings.CONFIRMED_SECONDS
