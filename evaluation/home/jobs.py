"""What home shows, in the morning by e-mail."""

from __future__ import annotations

from datetime import datetime, time

from django.utils import timezone

from programmes.telling.actions import tell_all
from sessions_app.occasions import is_working_day

NOON = time(12)  # a worker that was off all morning leaves it out: tomorrow's says the same


def tell_in_the_morning(now: datetime) -> int:
    """On working days, to everybody who wants it and has something due. Done again on the same day it tells nobody
    twice."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    return tell_all(now) if local.time() < NOON and is_working_day(local.date()) else 0
