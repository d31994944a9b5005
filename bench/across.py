"""A report over ten groups, a hundred, a thousand, ten thousand: how long it takes, and how much memory.

    .venv/bin/python bench/across.py [10 100 1000 10000] [sqlite|postgresql]   databases filled by bench/cohorts.py
    PPG_VAR=/tmp/many .venv/bin/python bench/across.py make                    the database that the settings name

Everything is made as the worker makes it: all groups, figures, what is held back, PDF. Each in a process of its own,
whose peak memory is what the system says. The memory may be 1.5 times that of a hundred groups, and the time may grow
as fast as the number of groups does, between a hundred and the most.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench import cohorts
from tests import machines

MOST_MEMORY = 1.5  # times that of a hundred


def made() -> dict[str, float]:
    """Makes the report over everything in the database: groups, people, pairs, seconds, MB."""
    from django.db import connection

    from evaluation.across import actions as across
    from evaluation.across import jobs as across_jobs
    from ppg.models import User

    told = {"from_on": date(2000, 1, 1), "until_on": date(2100, 1, 1), "area": "", "programme": None}
    report = across.ask(by=User.objects.get(email="manager@bench.example"), **told)
    began, busy = time.perf_counter(), time.process_time()
    across_jobs.make.call(report.code)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    report.refresh_from_db()
    if report.state != report.State.DONE:
        raise RuntimeError(f"It ended {report.state}.")
    figures = report.figures["figures"]
    pairs = max((domain["pairs"] for domain in figures["domains"]), default=0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "groups": figures["cohorts"],
        "people": figures["reach"]["referred"],
        "pairs": pairs,
        "seconds": took,
        "processor": busy if connection.vendor == "sqlite" else took,
        "memory": memory,
    }


def timed_report(count: int, kind: str) -> dict[str, float]:
    with machines.database(kind):
        fill = [sys.executable, str(Path(__file__).with_name("cohorts.py")), "fill", str(count)]
        subprocess.run(fill, check=True, capture_output=True)
        told = subprocess.run([sys.executable, __file__, "make"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(told.splitlines()[-1])


def main() -> int:
    arguments = sys.argv[1:]
    if arguments == ["make"]:
        from django.core.management import call_command

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
        cohorts.set_up()
        call_command("collectstatic", interactive=False, verbosity=0)
        print(json.dumps(made()))
        return 0
    counts = [int(argument) for argument in arguments if argument.isdecimal()] or [10, 100, 1000, 10000]
    kind = next((argument for argument in arguments if not argument.isdecimal()), "sqlite")
    print(
        f"{'groups':>8}{'people':>9}{'pairs':>8}{'seconds':>9}{'processor':>11}{'ms a group':>12}{'MB':>7}   ({kind})"
    )
    rows = []
    for count in counts:
        rows.append(row := timed_report(count, kind))
        print(
            f"{row['groups']:>8,}{row['people']:>9,}{row['pairs']:>8,}{row['seconds']:>9.1f}{row['processor']:>11.1f}"
            f"{1000 * row['processor'] / count:>12.1f}{row['memory']:>7.0f}",
            flush=True,
        )
    if len(rows) < 2:
        return 0
    base = min(rows, key=lambda row: abs(row["groups"] - 100))
    memory = rows[-1]["memory"] / base["memory"]
    growth = (rows[-1]["processor"] / base["processor"]) / (rows[-1]["groups"] / base["groups"])
    print(f"Against {base['groups']:,} groups: {memory:.2f} times the memory, {growth:.2f} times the time a group.")
    return int(memory > MOST_MEMORY or growth > 1.1)


if __name__ == "__main__":
    sys.exit(main())
