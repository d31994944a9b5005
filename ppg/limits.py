"""Limits on public forms, counted without keeping an address.

The address is hashed with a salt of the day and counted in the process's own memory: a cache in the database would keep
the second at which an address last came, with the salt beside it. So each process counts for itself.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

DAY_SECONDS = 86_400


def too_many(request: HttpRequest, name: str, *, most: int, seconds: int) -> bool:
    """Whether this address did `name` more than `most` times within the last window of `seconds`."""
    cache = caches["memory"]
    window = int(timezone.now().timestamp()) // seconds
    key = f"limit:{name}:{window}:{_who(request)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # ran out between the two lines
        return False


def _who(request: HttpRequest) -> str:
    today = timezone.localdate().isoformat()
    salt = caches["memory"].get_or_set(f"limit-salt:{today}", lambda: secrets.token_hex(16), timeout=DAY_SECONDS)
    return hashlib.sha256(f"{salt}{request.META.get('REMOTE_ADDR', '')}".encode()).hexdigest()[:32]
