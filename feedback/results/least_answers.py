"""How many must have answered before anything is shown."""

from __future__ import annotations

from django.conf import settings

LEAST_FLOOR = 3


def least() -> int:
    """How many people must have answered before anything is shown; never under three, whatever the setting."""
    return max(LEAST_FLOOR, settings.FEEDBACK_LEAST)
