"""What higher apps add to the page that prepares a session, in their `AppConfig.ready()`: what the
group's suggestions ask for, say.

    parts.add(Part(_("What the suggestion box asks for"), lines=open_suggestions))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ppg.models import User
from sessions_app.models import Session


@dataclass(frozen=True)
class Part:
    """A section of the page; it shows while it has lines. `lines(session, user)` costs one query at most."""

    title: Any
    lines: Callable[[Session, User], Iterable[str]]


parts: list[Part] = []


def add(part: Part) -> None:
    parts.append(part)


def more(session: Session, user: User) -> list[tuple[str, list[str]]]:
    sections = [(str(part.title), list(part.lines(session, user))) for part in parts]
    return [(title, lines) for title, lines in sections if lines]
