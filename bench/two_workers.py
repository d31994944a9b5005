"""Workers on several machines go through one night together: is each chore done once, and each minute's sweep?

    .venv/bin/python bench/two_workers.py                   four workers, the night of each change of clocks and one
                                                            between, minute by minute, on SQLite and on PostgreSQL
    .venv/bin/python bench/two_workers.py 2 sqlite          the small run of the tests: from five to two to five past
                                                            three, and eight o'clock

The clock is moved: all of them are told the same minute at the same moment, so that they reach for the same row. A
sweep of its own writes down each time that it runs. Backups are made for real, into one folder.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.kill_rotation import forked, set_up
from tests.machines import database

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
# Mondays and the Sundays of the clocks: the weekly reminder belongs to the Monday before a Sunday.
NIGHTS = [
    datetime(2027, 3, 28, tzinfo=LONDON),
    datetime(2027, 6, 14, tzinfo=LONDON),
    datetime(2027, 10, 31, tzinfo=LONDON),
]


def minutes(night: datetime, whole: bool) -> Iterator[datetime]:
    """One after the other as time goes, also where the clock on the wall jumps."""
    begins = night.astimezone(UTC)
    ends = night.replace(hour=9).astimezone(UTC)
    moment = begins
    while moment < ends:
        local = moment.astimezone(LONDON)
        near = (1, 55) <= (local.hour, local.minute) <= (3, 5) or (local.hour, local.minute) == (8, 0)
        if whole or near:
            yield moment
        moment += MINUTE


def work(number: int, night: datetime, whole: bool, together: object, notes: Path) -> None:
    from ppg import machine
    from ppg.management.commands import worker

    machine.name = lambda: f"machine{number}"

    def note(now: datetime) -> None:
        with notes.open("a") as file:
            file.write(f"{now.isoformat()}\n")

    worker.SWEEPS = [*worker.SWEEPS, note]
    for now in minutes(night, whole):
        together.wait(60)  # type: ignore[attr-defined]
        worker.by_the_clock(now, worker.Stop())


def one_night(workers: int, kind: str, night: datetime, whole: bool, notes: Path) -> bool:
    from ppg.backups import nightly
    from ppg.management.commands.worker import MINUTE as SWEPT
    from ppg.management.commands.worker import NIGHTLY
    from ppg.models import Chore

    Chore.objects.all().delete()
    together = multiprocessing.Barrier(workers)
    children = [
        forked(partial(work, number, night, whole, together, notes))  # each with a connection of its own
        for number in range(workers)
    ]
    broken = sum(os.waitpid(child, 0)[1] != 0 for child in children)
    swept, asked = Counter(notes.read_text().splitlines()), [now.isoformat() for now in minutes(night, whole)]
    chores = list(Chore.objects.exclude(name=SWEPT).exclude(period=""))
    expected = {one.name: workers if one.each_machine else 1 for one in NIGHTLY}
    wrong = [one for one in chores if one.tries != 1 or not one.ended_at or one.failed]
    made = sum(night <= one.made_at < night + timedelta(days=1) for one in nightly.kept())
    print(
        f"{kind}, {night.date()}: {workers} workers, {len(asked)} minutes, {len(chores)} chores,"
        f" {len(wrong)} not done or done twice, {made} backup, {len(swept)} minutes swept,"
        f" {swept.total() - len(swept)} twice"
    )
    each_once = Counter(one.name for one in chores) == Counter(expected) and not wrong and made == 1
    return each_once and not broken and sorted(swept.elements()) == sorted(asked)


def run(workers: int, kind: str, nights: list[datetime], whole: bool) -> bool:
    with database(kind), tempfile.TemporaryDirectory(prefix="ppg-workers-") as folder:
        set_up(3)
        good = [one_night(workers, kind, night, whole, Path(folder) / str(night.date())) for night in nights]
    return all(good)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        few = [NIGHTS[1]] if len(sys.argv) == 3 else NIGHTS
        sys.exit(0 if run(int(sys.argv[1]), sys.argv[2], few, whole=len(sys.argv) > 3) else 1)
    # Django is set up once in a process: each database gets one of its own.
    every = [
        subprocess.run([sys.executable, __file__, "4", kind, "all"], check=False) for kind in ("sqlite", "postgresql")
    ]
    sys.exit(max(done.returncode for done in every))
