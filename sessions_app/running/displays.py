"""What higher apps put on the room's display, in their `AppConfig.ready()`: the address at which the group answers."""

from __future__ import annotations

from collections.abc import Callable

from ppg.hooks import Hook
from sessions_app.models import Session

# `address(session)` is the path of a page that everybody in the room may open, or nothing; one query at most.
addresses: Hook[Callable[[Session], str]] = Hook(
    "Where a group answers its questions after a session, for the room’s display and the end of the evening."
)


def address(session: Session) -> str:
    return next(filter(None, (find(session) for find in addresses)), "")
