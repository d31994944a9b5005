"""Somebody's own notes. Nothing asks for anybody else's."""

from __future__ import annotations

from ppg.models import PrivateNotes, User


def notes_of(user: User) -> PrivateNotes:
    """Unsaved where nothing is kept."""
    return PrivateNotes.objects.filter(user=user).first() or PrivateNotes(user=user, text="")
