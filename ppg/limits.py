"""How often something may be done: exact over all processes and machines, and no address is kept.

Each count is a row of its own in a table of its own (docs/decisions/limits.md). Its key is made with the secret of the
installation and of the window it counts in, so that rows cannot be told apart by address nor joined over windows. It
is counted outside of any transaction of the request: what is rolled back afterwards was tried all the same.

    if wait := limits.spend("reset", limits.network(request), most=20, seconds=600):
        form.add_error(None, wait.sentence)

Pages where people answer anonymously count in memory only (`count_in_memory`): exact over the processes of a machine.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from ppg import memory_counts
from ppg.memory_counts import Counted
from ppg.models import Limit

DAY = 86_400
ROWS_AT_ONCE = 10_000  # a sweep lets others write in between

# One statement, so that two at the same moment are counted one after the other. Nothing is returned, and nothing
# counted, while a wait lasts. How long the next one lasts depends on how many there were.
COUNT = """
INSERT INTO ppg_limit (key, count, free_at, until) VALUES (%(key)s, 1, %(first)s, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    count = ppg_limit.count + 1,
    free_at = CASE
        WHEN ppg_limit.count + 1 >= %(free)s + 2 THEN %(third)s
        WHEN ppg_limit.count + 1 = %(free)s + 1 THEN %(second)s
        WHEN ppg_limit.count + 1 = %(free)s THEN %(first_wait)s
        ELSE 0
    END
WHERE ppg_limit.free_at <= %(now)s
RETURNING count
"""


@dataclass(frozen=True)
class Wait:
    """Not now: how many seconds from now it is worth trying again."""

    seconds: int

    @property
    def sentence(self) -> str:
        minutes = max(ceil(self.seconds / 60), 1)
        return ngettext(
            "Too many tries. Wait %(n)s minute, then try again.",
            "Too many tries. Wait %(n)s minutes, then try again.",
            minutes,
        ) % {"n": minutes}


@dataclass(frozen=True)
class Rule:
    """So many are free within a day; after the last of them, and after each one more, there is a wait."""

    name: str
    free: int
    waits: tuple[int, int, int] = (60, 300, 900)  # the third is the longest, however many there are


# --- Who it is -----------------------------------------------------------------------------------------


def network(request: HttpRequest) -> str:
    """What counts as one visitor: an IPv4 address, or the half of an IPv6 address that a household is given."""
    written: str = request.META.get("REMOTE_ADDR", "")
    for form in (written, written.rpartition(":")[0].strip("[]")):  # some proxies write the port down too
        try:
            address = ipaddress.ip_address(form)
        except ValueError:
            continue
        if isinstance(address, ipaddress.IPv4Address):
            return str(address)
        return str(address.ipv4_mapped or f"{int(address) >> 64:x}/64")
    return written


# --- Counting ------------------------------------------------------------------------------------------


def spend(name: str, *parts: str, most: int, seconds: int, now: datetime | None = None) -> Wait | None:
    """Counts one, for instance `spend("reset", network(request), most=20, seconds=600)`; a wait if that is more than
    `most` within this window of `seconds`. Not inside a transaction."""
    moment = _seconds(now)
    too_many = count(name, *parts, seconds=seconds, now=now) > most
    return Wait(seconds - moment % seconds) if too_many else None


def count(name: str, *parts: str, seconds: int, now: datetime | None = None) -> int:
    """Counts one, and says how many that makes within this window of `seconds`. Not inside a transaction."""
    with transaction.atomic(durable=True):
        return _count(Rule(name, 0, (0, 0, 0)), parts, seconds, _seconds(now)) or 0


def used_up(name: str, *parts: str, most: int, seconds: int, now: datetime | None = None) -> bool:
    """Whether `spend` would refuse the next one. Looks only: nothing is written."""
    key = _key(name, parts, seconds, _seconds(now))
    return Limit.objects.filter(key=key, count__gte=most).exists()


def spend_slowly(*tries: tuple[Rule, tuple[str, ...]], now: datetime | None = None) -> Wait | None:
    """Counts one try under each rule, or none of them and the longest wait. Not inside a transaction.

    It is counted before anybody knows whether the try is right, or twenty at the same moment would all go through;
    `give_back` takes a right one off again. Rules go from the widest to the narrowest, each time: so nobody waits for
    a row whose holder waits for ours.
    """
    moment = _seconds(now)
    with transaction.atomic(durable=True):
        refused = [one for one in tries if _count(*one, DAY, moment) is None]
        if refused:
            transaction.set_rollback(True)
    return max((_wait(*one, moment) for one in refused), key=lambda wait: wait.seconds, default=None)


def give_back(rule: Rule | str, *parts: str, seconds: int = DAY, now: datetime | None = None) -> None:
    """The try was right: it counts no more, and leaves no wait behind."""
    row = "UPDATE ppg_limit SET count = count - 1, free_at = 0 WHERE key = %s AND count > 0"
    _write(row, _key(_name(rule), parts, seconds, _seconds(now)))


def forget(rule: Rule | str, *parts: str, seconds: int = DAY, now: datetime | None = None) -> None:
    """As if nothing had been tried in this window."""
    _write("DELETE FROM ppg_limit WHERE key = %s", _key(_name(rule), parts, seconds, _seconds(now)))


def too_many(request: HttpRequest, name: str, *, most: int, seconds: int) -> bool:
    """Whether this network did `name` more than `most` times within this window of `seconds`, now included."""
    return spend(name, network(request), most=most, seconds=seconds) is not None


def count_in_memory(name: str, *parts: str, seconds: int, now: datetime | None = None) -> Counted:
    """Counts one for a page where people answer anonymously: over all processes of this machine, and nowhere on disk.
    A row that changes with each answer would say which of them came from one network, and when."""
    return memory_counts.count(json.dumps([name, *parts]), seconds=seconds, moment=_seconds(now))


def too_many_in_memory(name: str, *parts: str, most: int, seconds: int) -> bool:
    return count_in_memory(name, *parts, seconds=seconds).count > most


def sweep(now: datetime) -> int:
    """Deletes the counts of windows that are over; returns how many."""
    over = Limit.objects.filter(until__lte=_seconds(now))
    gone = 0
    while deleted := Limit.objects.filter(key__in=over.values("key")[:ROWS_AT_ONCE]).delete()[0]:
        gone += deleted
    return gone


# --- The rows ------------------------------------------------------------------------------------------


def _count(rule: Rule, parts: Iterable[str], seconds: int, moment: int) -> int | None:
    """How many there are now in this window; None, and nothing counted, while there is a wait."""
    first_wait, second, third = (moment + wait if wait else 0 for wait in rule.waits)
    values: dict[str, str | int] = {
        "key": _key(rule.name, parts, seconds, moment),
        "until": moment - moment % seconds + seconds,
        "now": moment,
        "free": rule.free,
        "first": first_wait if rule.free == 1 else 0,
        "first_wait": first_wait,
        "second": second,
        "third": third,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _wait(rule: Rule, parts: Iterable[str], moment: int) -> Wait:
    row = Limit.objects.filter(key=_key(rule.name, parts, DAY, moment)).values_list("free_at", flat=True).first()
    return Wait(max((row or 0) - moment, 1))


def _write(statement: str, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])


def _key(name: str, parts: Iterable[str], seconds: int, moment: int) -> str:
    said: Any = [name, moment // seconds, seconds, *parts]
    digest = salted_hmac("ppg.limits", json.dumps(said), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _name(rule: Rule | str) -> str:
    return rule.name if isinstance(rule, Rule) else rule


def _seconds(now: datetime | None) -> int:
    return int((now or timezone.now()).timestamp())
