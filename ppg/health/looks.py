"""What the workers saw when they last looked, written down for the administrator's home.

Each machine with a worker has its own rows: a mail server may answer one and not another, and each has its own disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from ppg import machine
from ppg.health import keys
from ppg.health.findings import Check, State, checks
from ppg.models import HealthLook

EVERY = timedelta(minutes=5)
KEPT = timedelta(days=1)  # of a machine that has no worker any more


def sweep(now: datetime) -> None:
    """Once in five minutes on each machine, by whichever worker comes first."""
    mine = {row.name: row for row in HealthLook.objects.filter(host=machine.name())}
    if any(now - EVERY < row.looked_at <= now for row in mine.values()):
        return
    keys.plant()
    quick = [check for check in checks if not check.slow and not check.live]
    for check in quick:
        write_down(check, mine.get(check.name), now)
    HealthLook.objects.filter(host=machine.name()).exclude(name__in=[check.name for check in quick]).delete()
    HealthLook.objects.filter(looked_at__lt=now - KEPT).delete()


def write_down(check: Check, before: HealthLook | None, now: datetime) -> None:
    finding = check(now)
    same = before is not None and (before.state == State.GOOD) == (finding.state == State.GOOD)
    seen = {
        "state": finding.state.value,
        "sentence": finding.sentence,
        "remedy": finding.remedy,
        "since": before.since if before is not None and same else now,
        "looked_at": now,
    }
    HealthLook.objects.update_or_create(name=check.name, host=machine.name(), defaults=seen)


# --- For pages -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HealthLine:
    """One check, as it was found on one machine, or alike on several."""

    label: Any
    state: str
    sentence: str
    remedy: str
    since: datetime | None = None
    hosts: list[str] = field(default_factory=list)  # named where machines differ

    @property
    def words(self) -> str:
        return {State.GOOD: _("Good"), State.WARNING: _("Warning"), State.FAULT: _("Fault")}[State(self.state)]

    @property
    def colour(self) -> str:
        return {State.GOOD: "green", State.WARNING: "yellow", State.FAULT: "red"}[State(self.state)]


@dataclass(frozen=True)
class Health:
    lines: list[HealthLine]
    looked_at: datetime | None  # the oldest of the looks; nobody has looked yet without
    now: datetime

    @property
    def by_urgency(self) -> list[HealthLine]:
        """Faults, then what somebody should see to, then the rest."""
        order = [State.FAULT, State.WARNING, State.GOOD]
        return sorted(self.lines, key=lambda line: order.index(State(line.state)))

    @property
    def troubles(self) -> list[HealthLine]:
        return [line for line in self.by_urgency if line.state != State.GOOD]

    @property
    def is_old(self) -> bool:
        """Nobody has looked for so long that it may have changed."""
        return self.looked_at is not None and self.now - self.looked_at > 3 * EVERY


def health(now: datetime) -> Health:
    rows = list(HealthLook.objects.order_by("name", "state", "sentence", "host"))
    by_name = {name: list(group) for name, group in groupby(rows, key=lambda row: row.name)}
    lines: list[HealthLine] = []
    for check in checks:
        if check.step:
            continue
        if check.live:
            finding = check(now)
            lines.append(HealthLine(check.label, finding.state, finding.sentence, finding.remedy))
        else:
            lines += _lines(check, by_name.get(check.name, []))
    return Health(lines, min((row.looked_at for row in rows), default=None), now)


def _lines(check: Check, rows: Iterable[HealthLook]) -> list[HealthLine]:
    alike = [list(group) for _same, group in groupby(rows, key=lambda row: (row.state, row.sentence))]
    return [
        HealthLine(
            check.label,
            group[0].state,
            group[0].sentence,
            group[0].remedy,
            min(row.since for row in group),
            [row.host for row in group] if len(alike) > 1 else [],
        )
        for group in alike
    ]
