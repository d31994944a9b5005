"""Does the time of an answer tell whether somebody has an address? And what do limits cost?

    .venv/bin/python bench/sign_in.py                    on SQLite and on PostgreSQL, a minute or two
    .venv/bin/python bench/sign_in.py sqlite             on one

Wrong passwords by turns at a known and an unknown address, each from another network, through the whole product with
its real password hash; then the same while a wait lasts. Ends with 1 where a median differs by more than a fifth. Then
twenty threads count in one row.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.machines import database

TRIES, WAITING = 45, 200  # fewer than an account may have from everywhere
KNOWN, UNKNOWN = "known@council.example", "unknown@council.example"


def measure(kind: str) -> bool:
    with database(kind):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        from ppg.access.permissions import Role
        from ppg.models import Limit, User

        User.objects.create_user(KNOWN, "a long sentence to type", name="Known", role=Role.LEAD)
        once(KNOWN, "10.9.9.9"), once(UNKNOWN, "10.9.9.9")  # templates and the rest are read
        Limit.objects.all().delete()
        print(kind, flush=True)
        good = by_turns("wrong password", TRIES, lambda number: f"10.0.{number}.1", 200)
        for _ in range(5):
            once(KNOWN, "10.1.1.1"), once(UNKNOWN, "10.1.1.1")
        good &= by_turns("while a wait lasts", WAITING, lambda _number: "10.1.1.1", 429)
        count_at_once()
        return good


def once(email: str, network: str, status: int | None = None) -> tuple[float, float]:
    """By the clock, and of the processor, which other programs do not disturb."""
    from django.test import Client
    from django.urls import reverse

    browser, form = Client(), {"login": email, "password": "not the password at all"}
    began, worked = time.perf_counter(), time.process_time()
    answer = browser.post(reverse("account_login"), form, REMOTE_ADDR=network)
    took = time.perf_counter() - began, time.process_time() - worked
    if status and answer.status_code != status:
        raise RuntimeError(f"{answer.status_code} where {status} was expected")
    return took


def by_turns(name: str, times: int, network: Callable[[int], str], status: int) -> bool:
    took: dict[str, list[tuple[float, float]]] = {KNOWN: [], UNKNOWN: []}
    for number in range(times):
        for email in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            took[email].append(once(email, network(number), status))
    ratios = []
    for place, clock in enumerate(("by the clock", "processor")):
        known, unknown = (median(pair[place] for pair in took[email]) * 1000 for email in (KNOWN, UNKNOWN))
        ratios.append(known / unknown)
        print(f"  {name}, {clock}: known {known:.1f} ms, unknown {unknown:.1f} ms, ratio {ratios[-1]:.3f}", flush=True)
    return all(0.8 < ratio < 1.25 for ratio in ratios)


def count_at_once(threads: int = 20, each: int = 50) -> None:
    from django.db import connections

    from ppg import limits
    from ppg.models import Limit

    def count(_number: int) -> int:
        through = [limits.spend("bench", "one row", most=threads * each // 2, seconds=limits.DAY) for _ in range(each)]
        connections.close_all()
        return through.count(None)

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        through = sum(pool.map(count, range(threads)))
    took = time.perf_counter() - began
    rows = max(Limit.objects.values_list("count", flat=True))
    print(f"  {threads} threads, {each} each in one row: {rows} counted, {through} of them let through", end=" ")
    print(f"({threads * each // 2} allowed), {took / threads / each * 1000:.2f} ms each", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(0 if measure(sys.argv[1]) else 1)
    # Django is set up once in a process: each database gets one of its own.
    kinds = [subprocess.run([sys.executable, __file__, kind], check=False) for kind in ("sqlite", "postgresql")]
    sys.exit(max(done.returncode for done in kinds))
