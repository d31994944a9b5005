"""What is due by the clock is done once, whichever machine's worker comes first.

A worker takes a chore by inserting its row, unique on name and period: of two who try, one does. Whose worker died is
taken again after a while; who was thought dead and is not ends nothing any more, because each try has a number. A chore
without a period goes on for ever (`turn`): its row is taken by one statement that asks when it was last begun.

Hours are those of London. A chore of a night belongs to a day of the calendar and is due from its hour on: an hour that
comes twice finds it done, and one that is left out has the next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ppg import logs, machine
from ppg.access.refusals import Refused
from ppg.files.stored_files import Unreachable
from ppg.models import Chore

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(hours=2)  # without an end: its worker died. No chore takes half as long
AGAIN_AFTER = timedelta(hours=1)  # one that failed is tried again
MOST_TRIES = 4  # for one period
TURN_LOST_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Nightly:
    """A chore of each day, or of each week from its Monday on."""

    name: str
    at: time  # in London
    do: Callable[[datetime], object]
    weekly: bool = False
    each_machine: bool = False  # of what lies on a machine's own disk

    def period(self, now: datetime) -> str:
        """Which one is due; nothing before its hour."""
        local = timezone.localtime(now, timezone.get_default_timezone())
        if local.time() < self.at:
            return ""
        day = local.date() - timedelta(days=local.weekday() if self.weekly else 0)
        return f"{day} {machine.name()}"[:80] if self.each_machine else str(day)


def run(every: Sequence[Nightly], now: datetime) -> None:
    """Does what is due and nobody has done. What fails is written down, and holds nothing else up."""
    for nightly in every:
        period = nightly.period(now)
        chore = take(nightly.name, period, now) if period else None
        if chore is None:
            continue
        try:
            nightly.do(now)
        except Exception as why:
            end(chore, failed=reason(why))
            log.error("%s was not done: %s", logs.Shown(nightly.name), why)
        else:
            end(chore)


def reason(why: Exception) -> str:
    """Our own sentences, what the operating system says, or which kind of error it was: the text of others may hold an
    address."""
    if isinstance(why, Refused | Unreachable):
        return str(why)[:200]
    kind = type(why).__name__
    return f"{kind}: {why.strerror}"[:200] if isinstance(why, OSError) and why.strerror else kind


# --- One period ------------------------------------------------------------------------------------------


def take(name: str, period: str, now: datetime) -> Chore | None:
    """The chore, for this worker alone; None where somebody has it or has done it."""
    mine = Chore.objects.filter(name=name, period=period)
    if not mine.exists():
        return _first(name, period, now)
    died = Q(ended_at=None, began_at__lte=now - LOST_AFTER)
    failed = Q(ended_at__lte=now - AGAIN_AFTER) & ~Q(failed="")
    return _taken(mine.filter(died | failed, tries__lt=MOST_TRIES), now)


def _first(name: str, period: str, now: datetime) -> Chore | None:
    try:
        with transaction.atomic():
            return Chore.objects.create(name=name, period=period, machine=machine.name(), began_at=now)
    except IntegrityError:
        return None  # somebody was quicker


def _taken(chores: QuerySet[Chore], now: datetime) -> Chore | None:
    """The one of these that there is, for this worker alone: by a statement that asks for the try it has seen."""
    seen = chores.first()
    again = {"began_at": now, "machine": machine.name(), "ended_at": None, "failed": "", "tries": F("tries") + 1}
    if seen is None or not chores.filter(pk=seen.pk, tries=seen.tries).update(**again):
        return None
    return Chore.objects.filter(pk=seen.pk, tries=seen.tries + 1).first()


def end(chore: Chore, *, failed: str = "", at: datetime | None = None) -> bool:
    """Done, or failed and why. False where another worker has taken it meanwhile: then its word counts."""
    mine = Chore.objects.filter(pk=chore.pk, tries=chore.tries, ended_at=None)
    return bool(mine.update(ended_at=at or timezone.now(), failed=failed))


# --- Over and over ---------------------------------------------------------------------------------------


@contextmanager
def turn(name: str, now: datetime, *, every: timedelta = timedelta(0)) -> Iterator[bool]:
    """Whether it is this worker's turn: nobody is at it, and it was not begun within `every`. While the block runs
    nobody else has it, unless it runs for three minutes. One that was begun later than now was begun by a clock that
    was wrong: nobody waits until that time comes."""
    rested = Q(began_at__lte=now - every) if every else Q()
    out_of_time = Q(began_at__lte=now - TURN_LOST_AFTER) | Q(began_at__gt=now + TURN_LOST_AFTER)
    free = rested & Q(ended_at__isnull=False) | out_of_time
    row = Chore.objects.filter(name=name, period="")
    chore = _first(name, "", now) if not row.exists() else _taken(row.filter(free), now)
    try:
        yield chore is not None
    finally:
        if chore is not None:
            end(chore)
