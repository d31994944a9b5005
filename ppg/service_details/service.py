"""The service's details, read once a minute: they stand on every page and hardly ever change."""

from __future__ import annotations

import time

from ppg.models import Service

DETAILS = (
    *("name", "organisation", "phone", "email", "safeguarding_phone", "out_of_hours_phone"),
    *("keep_months", "keep_concern_years", "keep_backup_weeks", "school_holidays"),
)

_KEEP_SECONDS = 60
_kept: tuple[float, Service] | None = None


def current() -> Service:
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > _KEEP_SECONDS:
        _kept = (time.monotonic(), Service.objects.first() or Service())
    return _kept[1]


def forget() -> None:
    """Read the row anew at the next page: after it was changed, and between tests."""
    global _kept
    _kept = None


def newest() -> Service:
    """As it is in the database now: for whoever is about to change it."""
    return Service.objects.first() or Service()
