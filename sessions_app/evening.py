"""What the pages of an evening have in common: a script gets JSON, and nobody is signed out in the middle of it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from sessions_app.models import Session

KEEP_SECONDS = 2 * 60 * 60  # after the session's end


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def stay_signed_in(request: HttpRequest, session: Session) -> None:
    """Nobody is signed out in the middle of an evening: see `ppg.every_request.middleware.EndOldSessions`."""
    until = session.ends_at.timestamp() + KEEP_SECONDS
    if session.day == timezone.localdate() and request.session.get("keep_until", 0) < until:
        request.session["keep_until"] = until
