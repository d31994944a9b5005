"""On how many people a figure rests, as set; never under the floors."""

from __future__ import annotations

from django.conf import settings

from evaluation.disclosure.suppression import SHARED_FLOOR, TEAM_FLOOR


def team() -> int:
    return max(TEAM_FLOOR, settings.TEAM_LEAST)


def shared() -> int:
    """What leaves the team is never told on fewer than what stays in it."""
    return max(SHARED_FLOOR, settings.SHARED_LEAST, team())
