"""Home among ten, a hundred and ten thousand groups: as many queries, and no more than 1.3 times as long.

    .venv/bin/python bench/home.py [10 100 10000] [sqlite|postgresql]    databases, filled by bench/cohorts.py

Opened by the lead and the facilitator of the ten oldest groups and by a manager, who sees all of them. Each opens it
once to warm up and then thirty times; the median counts, and is compared with the one among the fewest groups. Forty
groups meet in these weeks, by the dates that they get here, the reader's ten among them: what is due stands on home.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import cohorts, pages
from tests import machines

READERS = {"lead": pages.LEAD, "facilitator": "f0@bench.example", "manager": pages.MANAGER}
RUNNING = 40  # groups that meet now, of however many: so many a council has, whatever it had over the years


def bring_up_to_date() -> None:
    """The ten groups of the first lead and others up to `RUNNING` meet in these weeks; they move as a whole."""
    from django.db.models import F, Min
    from django.utils import timezone

    from programmes.models import Cohort
    from sessions_app.models import Session

    now = timezone.now()
    for number, group in enumerate(Cohort.objects.order_by("pk").annotate(first=Min("sessions__starts_at"))[:RUNNING]):
        by = now - timedelta(days=7 * (number % 8) - 10, hours=3) - group.first
        Session.objects.filter(cohort=group).update(starts_at=F("starts_at") + by)
        Session.objects.filter(cohort=group, starts_at__gte=now - timedelta(days=2)).update(closed_at=None)


def measured() -> dict[str, tuple[int, float]]:
    """Who → queries and seconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from ppg.models import User

    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    medians = {}
    for who, email in READERS.items():
        client = Client()
        client.force_login(User.objects.get(email=email))

        def once(client: Any = client) -> float:
            began = clock()
            if client.get(reverse("home")).status_code != 200:
                raise RuntimeError("Home did not answer.")
            return clock() - began

        once()
        with CaptureQueriesContext(connection) as queries:
            once()
        medians[who] = (len(queries), statistics.median(once() for _ in range(pages.TIMES)))
    return medians


def among(count: int, kind: str) -> dict[str, tuple[int, float]]:
    with machines.database(kind):
        here = [sys.executable, str(Path(__file__).with_name("cohorts.py")), "fill", str(count)]
        subprocess.run(here, check=True, capture_output=True, text=True)
        told = subprocess.run([sys.executable, __file__, "json"], check=True, capture_output=True, text=True).stdout
    return json.loads(told.splitlines()[-1])


def compare(counts: list[int], kind: str) -> int:
    measurements = {count: among(count, kind) for count in counts}
    print(f"{'':14}" + "".join(f"{count:>22,}" for count in counts) + f"   ({kind}: queries, milliseconds, times)")
    worse = []
    for who in READERS:
        queries, first = measurements[counts[0]][who]
        line = f"{who:14}"
        for count in counts:
            many, took = measurements[count][who]
            line += f"{many:8}{took * 1000:8.1f}{took / first:6.2f}"
            if many != queries or took > pages.MOST * first:
                worse.append(f"{who} among {count:,}")
        print(line)
    print(f"More queries, or more than {pages.MOST} times as long: {', '.join(worse) or 'none'}.")
    return int(bool(worse))


def main() -> int:
    arguments = sys.argv[1:]
    if arguments == ["json"]:
        from django.core.management import call_command

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
        cohorts.set_up()
        call_command("collectstatic", interactive=False, verbosity=0)
        bring_up_to_date()
        print(json.dumps(measured()))
        return 0
    counts = [int(one) for one in arguments if one.isdigit()] or [10, 100, 10_000]
    return compare(counts, next((one for one in arguments if not one.isdigit()), "sqlite"))


if __name__ == "__main__":
    sys.exit(main())
