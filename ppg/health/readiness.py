"""Whether this process may be sent visitors: a few questions, asked again after five seconds at the earliest.

So it costs the database five small queries in five seconds from each process, however often somebody asks.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from django.db import Error
from django.utils.translation import gettext as _

from ppg.health import database, heartbeat, keys

KEPT_SECONDS = 5
_looking = threading.Lock()  # threads that ask at once wait for one look, and all get its answer
_kept: tuple[float, list[str]] | None = None


def faults() -> list[str]:
    """A sentence each. They tell a stranger nothing about how or where this runs."""
    global _kept
    with _looking:
        if _kept is None or time.monotonic() - _kept[0] > KEPT_SECONDS:
            found = list(_look())  # may take long, where the database does: the seconds count from its end
            _kept = (time.monotonic(), found)
        return _kept[1]


def forget() -> None:
    """Look anew at the next question: between tests."""
    global _kept
    _kept = None


def _look() -> Iterator[str]:
    try:
        if database.missing_migrations():
            yield _("The database is not up to date.")
            return  # its tables may not be there
        if not keys.fit():
            yield _("The keys do not fit what is stored.")
        if database.missing_cache_tables():
            yield _("The table of the cache is missing.")
        if not heartbeat.is_beating():
            yield _("No worker has been heard of for two minutes.")
    except Error:  # also where a connection was cut, which is no DatabaseError
        yield _("The database does not answer.")
