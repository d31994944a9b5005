"""How long a sign-in lasts: half an hour without anybody at work, ten hours in any case.

An evening is longer than half an hour without a press. So a page of it that was opened goes on by itself, for its
session and until two hours after it; the rest of the account has closed meanwhile and asks for signing in again.
Which pages they are says their mark (`stays_open`), until when says who opens one (`open_evening`).
See docs/decisions/an-evening-signed-in.md.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

SEEN, BEGAN, EVENINGS = "seen", "began", "evenings"  # in the session
NOTED_EVERY = 60  # seconds: not each request writes the session's row


def begin(request: HttpRequest) -> None:
    """Signed in just now, also where an evening goes on in this browser."""
    request.session[SEEN] = request.session[BEGAN] = time.time()


def open_evening(request: HttpRequest, code: str, until: float) -> None:
    """Pages of this session that stay open go on until then, whatever becomes of the rest."""
    evenings = _open(request, time.time())
    if evenings.get(code, 0) < until - NOTED_EVERY:
        request.session[EVENINGS] = {**evenings, code: until}


def close_or_go_on(request: HttpRequest) -> None:
    """At each request of somebody who is signed in. Afterwards `request.user` is who they are for this request."""
    now = time.time()
    evenings = _open(request, now)
    if now - request.session.setdefault(BEGAN, now) > settings.SESSION_COOKIE_AGE:
        logout(request)
    elif not is_idle(request):
        if now - request.session.get(SEEN, 0) > NOTED_EVERY and is_work(request, evenings):
            request.session[SEEN] = now
    elif not evenings:
        logout(request)
    elif not _goes_on(_match(request), evenings):
        request.user = AnonymousUser()
        request.evening_only = True  # type: ignore[attr-defined]  # the sign-in page says so


def stay(request: HttpRequest) -> None:
    """Pressed by somebody who is asked. What is closed stays closed."""
    if not is_idle(request):
        request.session[SEEN] = time.time()


def is_idle(request: HttpRequest) -> bool:
    now = time.time()
    return now - request.session.get(SEEN, now) > settings.SESSION_IDLE_SECONDS


def is_work(request: HttpRequest, evenings: dict[str, float]) -> bool:
    """A page that was opened or a press. What scripts ask for, and a screen that draws itself anew, is nobody."""
    if request.method not in ("GET", "HEAD"):
        return True
    by_script = request.headers.get("Accept", "").startswith("application/json")
    return not by_script and not (evenings and _of_evening(_match(request), evenings))


@dataclass(frozen=True)
class Left:
    """Until somebody is signed out of a page, and whether a press makes it longer. `evening`: the code of its session,
    where it stays open for that."""

    seconds: int
    may_stay: bool
    evening: str


def left(request: HttpRequest) -> Left:
    """Of the page that is asked for: one of an evening lasts as long as that."""
    now = time.time()
    idle_at = request.session.get(SEEN, now) + settings.SESSION_IDLE_SECONDS
    day_ends = request.session.get(BEGAN, now) + settings.SESSION_COOKIE_AGE
    evenings = _open(request, now)
    match = request.resolver_match
    evening = match.kwargs["code"] if match and _of_evening(match, evenings) else ""
    end = min(max(idle_at, evenings.get(evening, 0)), day_ends)
    return Left(max(0, int(end - now)), end == idle_at and not is_idle(request), evening)


def _open(request: HttpRequest, now: float) -> dict[str, float]:
    evenings = request.session.get(EVENINGS) or {}
    return {code: until for code, until in evenings.items() if until > now}


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Asked before the views are: who somebody is has to be known by then."""
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _code(match: ResolverMatch | None) -> str | None:
    """Of the session that a page with the mark is about; "" where it is about none, None without the mark."""
    return match.kwargs.get("code", "") if match and getattr(match.func, "stays_open", False) else None


def _goes_on(match: ResolverMatch | None, evenings: dict[str, float]) -> bool:
    """A page of an evening that is open, or what belongs to no session: how long is left, and signing out."""
    return _code(match) in {"", *evenings}


def _of_evening(match: ResolverMatch | None, evenings: dict[str, float]) -> bool:
    return _code(match) in evenings
