"""Limits on public forms, counted without keeping an address.

The address is hashed with a salt that is made anew each day and kept in the cache only. What is answered without a
name is counted in the process's memory: the database's cache keeps the second at which an address last came.
"""

from __future__ import annotations

import hashlib
import secrets

from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from django.utils import timezone

DAY_SECONDS = 86_400


def too_many(request: HttpRequest, name: str, *, most: int, seconds: int, anonymous: bool = False) -> bool:
    """Whether this address did `name` more than `most` times within the last window of `seconds`.

    `anonymous`: nothing of it reaches the database; each process counts for itself.
    """
    cache = caches["memory" if anonymous else "default"]
    window = int(timezone.now().timestamp()) // seconds
    key = f"limit:{name}:{window}:{_who(request, cache)}"
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # ran out between the two lines
        return False


def _who(request: HttpRequest, cache: BaseCache) -> str:
    today = timezone.localdate().isoformat()
    salt = cache.get_or_set(f"limit-salt:{today}", lambda: secrets.token_hex(16), timeout=DAY_SECONDS)
    return hashlib.sha256(f"{salt}{request.META.get('REMOTE_ADDR', '')}".encode()).hexdigest()[:32]
