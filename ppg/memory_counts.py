"""Counts that all processes of one machine share, in memory without a name: no file, no database, no backup has them.

For pages where people answer anonymously (docs/decisions/limits.md): a row in the database would say when an answer
came and from which network. Whoever starts the processes imports this before it forks (gunicorn.conf.py), so that all
of them count in the same memory. It knows no Django, since gunicorn's master has no settings.

Keys are made with a salt that lies in the same memory. When a day ends in UTC, the salt and all counts are overwritten.
"""

from __future__ import annotations

import fcntl
import hmac
import mmap
import os
import secrets
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

DAY = 86_400
HEAD = struct.Struct("=I32s")  # the day since 1970, and its salt
SLOT = struct.Struct("=16sII")  # the key, how many, and until when they count
SLOTS = 65_536  # networks and pages of a day; a flood from more of them pushes the smallest counts out
BESIDE = 8  # slots in which a key may lie

_memory = mmap.mmap(-1, HEAD.size + SLOTS * SLOT.size)
_threads = threading.Lock()
_processes, _name = tempfile.mkstemp()  # empty, soon without a name, and open for good: it is only locked
os.unlink(_name)


@dataclass(frozen=True)
class Counted:
    """`count`: how many with this one. `chance`: 0 to 255, the same for a key and its window, and known to nobody."""

    count: int
    chance: int


def count(said: str, *, seconds: int, moment: int) -> Counted:
    """Counts one under `said` in this window of `seconds`, which have to divide a day; exact over all processes."""
    window = moment // seconds
    with _alone():
        digest = hmac.digest(_salt_of(moment // DAY), f"{seconds} {window} {said}".encode(), "sha256")
        at, there = _slot_of(digest, moment)
        SLOT.pack_into(_memory, at, digest[:16], min(there + 1, 2**32 - 1), (window + 1) * seconds)
    return Counted(there + 1, digest[31])


def forget() -> None:
    """Overwrites every count, and the salt."""
    with _alone():
        _memory[:] = bytes(len(_memory))


def _salt_of(day: int) -> bytes:
    kept, salt = HEAD.unpack_from(_memory)
    if kept != day:
        salt = secrets.token_bytes(32)
        _memory[:] = bytes(len(_memory))
        HEAD.pack_into(_memory, 0, day, salt)
    return bytes(salt)


def _slot_of(digest: bytes, moment: int) -> tuple[int, int]:
    """Where this key lies or may lie, and its count. The one that is overwritten is over, or else the smallest."""
    first = int.from_bytes(digest[16:20], "big") % (SLOTS // BESIDE) * BESIDE
    places = [HEAD.size + number * SLOT.size for number in range(first, first + BESIDE)]
    free: list[tuple[int, int]] = []
    for at in places:
        key, counted, until = SLOT.unpack_from(_memory, at)
        if key == digest[:16] and until > moment:
            return at, counted
        free.append((counted if until > moment else 0, at))
    return min(free)[1], 0


@contextmanager
def _alone() -> Iterator[None]:
    """One thread of one process at a time. The system takes the lock from a process that dies."""
    with _threads:
        fcntl.lockf(_processes, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(_processes, fcntl.LOCK_UN)
