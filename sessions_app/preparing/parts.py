"""What higher apps add to the page that prepares a session, in their `AppConfig.ready()`: what the
group's suggestions ask for, say.

    parts.add(Part(_("What the suggestion box asks for"), lines=open_suggestions))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ppg.hooks import Hook
from ppg.models import User
from sessions_app.models import Session


@dataclass(frozen=True)
class Part:
    """A section of the page; it shows while it has lines. `lines(session, user)` costs one query at most."""

    title: Any
    lines: Callable[[Session, User], Iterable[str]]


# By what reads the lines: a title is not in words before somebody reads it.
parts: Hook[Part] = Hook("Sections of the page that prepares a session.", key=lambda part: part.lines)


def more(session: Session, user: User) -> list[tuple[str, list[str]]]:
    sections = [(str(part.title), list(part.lines(session, user))) for part in parts]
    return [(title, lines) for title, lines in sections if lines]
