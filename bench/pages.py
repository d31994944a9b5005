"""The pages that are opened all day long, among twenty cohorts and among ten thousand: they must not take longer.

    .venv/bin/python bench/pages.py [20 1000] [sqlite|postgresql]    two databases, filled by bench/cohorts.py
    PPG_VAR=/tmp/many .venv/bin/python bench/pages.py time           the database that the settings name
    PPG_VAR=/tmp/many .venv/bin/python bench/pages.py explain        its slow queries and how the database runs them

Twenty fill a page of home. Each page is opened once to warm up and then thirty times; the median counts. "Grown" is
the second database's median over the first one's: 1.3 is the most there may be.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import cohorts
from tests import machines

TIMES = 30
MOST = 1.3  # times as long
SLOW = 0.005  # seconds
MANAGER, LEAD = "manager@bench.example", "lead0@bench.example"


def pages() -> dict[str, tuple[str, str]]:
    """Name → who opens it, where. Lead 0 leads the ten oldest cohorts, in every database."""
    from django.urls import reverse

    from ppg.models import User
    from programmes.models import Cohort

    group = Cohort.objects.visible_to(User.objects.get(email=LEAD)).order_by("pk")[5]
    caregiver = group.place_set.select_related("caregiver").order_by("pk")[0].caregiver
    session = group.sessions.order_by("pk")[2]
    return {
        "home, lead": (LEAD, reverse("home")),
        "home, manager": (MANAGER, reverse("home")),
        "group": (LEAD, group.get_absolute_url()),
        "group, manager": (MANAGER, group.get_absolute_url()),
        "people": (LEAD, reverse("caregivers:people", args=[group.code])),
        "board": (LEAD, reverse("caregivers:board")),
        "record": (LEAD, caregiver.get_absolute_url()),
        "checklist": (LEAD, reverse("programmes:checklist", args=[group.code])),
        "session": (LEAD, session.get_absolute_url()),
        "prepare": (LEAD, reverse("sessions:prepare", args=[session.code])),
        "register": (LEAD, reverse("sessions:register", args=[session.code])),
        "run": (LEAD, reverse("sessions:run", args=[session.code])),
        "feedback": (LEAD, reverse("feedback:session", args=[session.code])),
        "waves": (LEAD, reverse("evaluation:waves", args=[group.code])),
        "figures": (LEAD, reverse("evaluation:figures", args=[group.code])),
        "report": (LEAD, reverse("evaluation:report", args=[group.code])),
    }


def opened() -> Iterator[tuple[str, Callable[[], float]]]:
    """Name → a function that opens the page and says how many seconds it took."""
    from django.db import connection
    from django.test import Client

    from ppg.models import User

    # SQLite works in this very process: its time is exact on a busy machine too.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    for name, (email, url) in pages().items():
        client = Client()
        client.force_login(User.objects.get(email=email))

        def once(client: Any = client, url: str = url) -> float:
            began = clock()
            status = client.get(url).status_code
            took = clock() - began
            if status != 200:
                raise RuntimeError(f"{url} answered {status}.")
            return took

        yield name, once


def medians() -> dict[str, float]:
    found = {}
    for name, once in opened():
        once()
        found[name] = statistics.median(once() for _ in range(TIMES))
    return found


def explain() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN ANALYZE"
    for name, once in opened():
        once()
        with CaptureQueriesContext(connection) as queries:
            print(f"{name}: {once() * 1000:.1f} ms, {len(queries)} queries")
        for query in queries.captured_queries:
            sql = query["sql"].replace("%", "%%")
            if not sql.startswith("SELECT"):
                continue
            with connection.cursor() as cursor:
                began = time.perf_counter()
                cursor.execute(sql)
                found = len(cursor.fetchall())  # SQLite works while it is read
                took = time.perf_counter() - began
                if took >= SLOW:
                    print(f"  {took * 1000:.1f} ms, {found} rows  {sql[:1500]}")
                    cursor.execute(f"{plan} {sql}")
                    print("\n".join(f"    {row[-1]}" for row in cursor.fetchall()))


def filled(count: int, kind: str) -> dict[str, float]:
    """The medians in a database of so many cohorts, in a process of its own: settings are read once."""
    with machines.database(kind):
        here = [sys.executable, str(Path(__file__).with_name("cohorts.py")), "fill", str(count)]
        print(subprocess.run(here, check=True, capture_output=True, text=True).stdout.splitlines()[0])
        told = subprocess.run([sys.executable, __file__, "json"], check=True, capture_output=True, text=True).stdout
    return json.loads(told.splitlines()[-1])


def compare(few: int, many: int, kind: str) -> int:
    first, second = filled(few, kind), filled(many, kind)
    print(f"{'':18}{few:>9,}{many:>11,}   grown   ({kind}, milliseconds, median of {TIMES})")
    for name, took in first.items():
        print(f"{name:18}{took * 1000:9.1f}{second[name] * 1000:11.1f}{second[name] / took:8.2f}")
    slower = [name for name, took in first.items() if second[name] > MOST * took]
    print(f"More than {MOST} times: {', '.join(slower) or 'none'}.")
    return int(bool(slower))


def main() -> int:
    arguments = sys.argv[1:]
    if arguments and arguments[0] in ("time", "json", "explain"):
        from django.core.management import call_command

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
        cohorts.set_up()
        call_command("collectstatic", interactive=False, verbosity=0)
        if arguments[0] == "explain":
            explain()
        else:
            found = medians()
            print(json.dumps(found) if arguments[0] == "json" else table(found))
        return 0
    numbers = [int(argument) for argument in arguments if argument.isdecimal()] or [20, 1000]
    kinds = [argument for argument in arguments if not argument.isdecimal()] or ["sqlite"]
    return compare(numbers[0], numbers[-1], kinds[0])


def table(seconds: dict[str, float]) -> str:
    return "\n".join(f"{name:18}{took * 1000:9.1f} ms" for name, took in seconds.items())


if __name__ == "__main__":
    sys.exit(main())
