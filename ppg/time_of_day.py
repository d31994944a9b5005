"""How a time of day is written: 6:30pm, 6pm, midday, midnight, as GOV.UK writes it; 18:30 in other languages."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def clock(at: datetime | time) -> str:
    """ "6:30pm". A moment is told by the clock of the zone that is active."""
    it = timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
    if not (get_language() or "en").startswith("en"):
        return it.strftime("%H:%M")
    if it.minute == 0 and it.hour in (0, 12):
        return _("midday") if it.hour else _("midnight")
    minutes = f":{it.minute:02}" if it.minute else ""
    return f"{it.hour % 12 or 12}{minutes}{'pm' if it.hour >= 12 else 'am'}"


def day_and_clock(at: datetime, day: str = "j F Y") -> str:
    """ "3 March 2026, 6:30pm"; `day` is a format of Django's for the day alone."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{date_format(date(local.year, local.month, local.day), day)}, {clock(local)}"
