"""Once a minute, by the worker."""

from __future__ import annotations

from datetime import datetime

from programmes.telling import actions


def sweep(now: datetime) -> None:
    """Done twice, or by two workers at once, it tells once."""
    actions.tell_waiting(now)
