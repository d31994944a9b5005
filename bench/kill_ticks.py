"""kill -9 of the web server while the register is being ticked: is every acknowledged tick there, once?

    .venv/bin/python bench/kill_ticks.py                 50 kills, on SQLite and on PostgreSQL
    .venv/bin/python bench/kill_ticks.py 3 sqlite        the small run of the tests

Six devices tick without pause, each its own people. The server's master and workers are killed together at a random
moment and started again; what got no answer is sent again under its key. At the end every tick has been acknowledged,
and the database must hold each once, in the order it was made on its device, with one audit entry.
"""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar
from urllib.parse import urlencode
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.machines import Web, database

DEVICES = 6
STATES = ["present", "late", "left_early", "apologies", "not_here", "open"]


@dataclass
class Tick:
    place: str
    state: str
    key: str = field(default_factory=lambda: str(uuid4()))
    tries: int = 0
    last_sent: float = 0


class Device(Thread):
    """One signed-in browser that ticks its own people, one tick after the other."""

    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, port: int, path: str, cookie: str, places: list[str], stop: Event) -> None:
        super().__init__(daemon=True)
        self.port, self.path, self.places, self.stop = port, path, places, stop
        self.cookies, self.token = {cookie.partition("=")[0]: cookie.partition("=")[2]}, ""
        self.acknowledged: list[Tick] = []

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, method: str, path: str, values: dict[str, str] | None = None) -> tuple[int, dict]:
        connection = self.connect()
        try:
            headers = {"Accept": "application/json", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
            headers |= self.headers
            if values is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, urlencode(values) if values is not None else None, headers)
            response = connection.getresponse()
            body = response.read()
            for line in response.headers.get_all("Set-Cookie", []):
                name, _, rest = line.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return response.status, json.loads(body) if body.startswith(b"{") else {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()

    def run(self) -> None:
        chance, shown = random.Random(self.places[0]), dict.fromkeys(self.places, "open")
        while not self.stop.is_set():
            place = chance.choice(self.places)
            tick = Tick(place, chance.choice([state for state in STATES if state != shown[place]]))
            self.send(tick)
            shown[place] = tick.state
            self.acknowledged.append(tick)

    def send(self, tick: Tick) -> None:
        """Until the server has answered this tick, as the outbox does; a bit less patient."""
        while True:
            if not self.token:
                status, answer = self.ask("GET", self.path)
                self.token = answer.get("token", "")
            if self.token:
                tick.tries += 1
                tick.last_sent = time.time()
                values = {"place": tick.place, "state": tick.state, "key": tick.key}
                status, answer = self.ask("POST", f"{self.path}mark/", {**values, "csrfmiddlewaretoken": self.token})
                if status == 200 and answer.get("key") == tick.key:
                    return
                if 400 <= status < 500:
                    raise AssertionError(f"The server refused a tick: {status} {answer}")
            time.sleep(0.05)


def set_up() -> tuple[str, str, list[str]]:
    """A group of twenty-four on its evening. The register's path, the cookie of its facilitator, the places."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from ppg.access.permissions import Role
    from tests.factories import CohortFactory, PlaceFactory, SessionFactory, UserFactory

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    facilitator = UserFactory(role=Role.FACILITATOR)
    session = SessionFactory(cohort=CohortFactory(team=[facilitator]), starts_at=timezone.now())
    places = [PlaceFactory(cohort=session.cohort, seat=seat).code for seat in range(1, 4 * DEVICES + 1)]
    browser = Client()
    browser.force_login(facilitator)
    name = settings.SESSION_COOKIE_NAME
    return reverse("sessions:register", args=[session.code]), f"{name}={browser.cookies[name].value}", places


def compare(ticks: list[Tick]) -> dict[str, int]:
    from django.db import connection

    from ppg.forms.effects import key_of
    from ppg.models import AuditEntry
    from sessions_app.models import RegisterMark

    connection.close()
    marks = list(RegisterMark.objects.order_by("id").select_related("place", "recorded_by"))
    for tick in ticks:  # kept as the key of whoever ticked, who is one and the same here
        tick.key = key_of(tick.key, by=marks[0].recorded_by, of="tick")
    rows = Counter(mark.key for mark in marks)
    in_order = Counter()
    for place in {tick.place for tick in ticks}:
        ticked = [tick.key for tick in ticks if tick.place == place]
        in_order[ticked == [mark.key for mark in marks if mark.place.code == place]] += 1
    written = {mark.key: mark.made_at.timestamp() for mark in marks}
    return {
        "lost": sum(rows[tick.key] == 0 for tick in ticks),
        "doubled": sum(count - 1 for count in rows.values()),
        "never ticked": len(set(rows) - {tick.key for tick in ticks}),
        "out of order": in_order[False],
        "without one audit entry": abs(len(marks) - AuditEntry.objects.filter(what="registermark").count()),
        "sent again": sum(tick.tries > 1 for tick in ticks),
        "of these written before without an answer": sum(
            tick.tries > 1 and written.get(tick.key, tick.last_sent) < tick.last_sent - 0.001 for tick in ticks
        ),
    }


def run(kills: int, kind: str) -> bool:
    with database(kind):
        path, cookie, places = set_up()
        web, stop = Web(), Event()
        web.start()
        web.wait()
        devices = [
            Device(web.port, path, cookie, places[number * 4 : number * 4 + 4], stop) for number in range(DEVICES)
        ]
        for device in devices:
            device.start()
        began = time.time()
        try:
            for _ in range(kills):
                acknowledged = sum(len(device.acknowledged) for device in devices)
                while sum(len(device.acknowledged) for device in devices) < acknowledged + 3 * DEVICES:
                    if not all(device.is_alive() for device in devices):
                        raise RuntimeError("A device gave up.")
                    time.sleep(0.01)
                time.sleep(random.uniform(0, 0.5))
                web.kill()
                web.start()
            stop.set()
            for device in devices:
                device.join(timeout=60)
        finally:
            web.kill()
        ticks = [tick for device in devices for tick in device.acknowledged]
        found = compare(ticks)
        print(f"{kind}: {kills} kills in {time.time() - began:.0f} s, {len(ticks)} acknowledged ticks")
        for name, number in found.items():
            print(f"  {number:5} {name}")
        bad = ("lost", "doubled", "never ticked", "out of order", "without one audit entry")
        return not any(found[name] for name in bad) and all(not device.is_alive() for device in devices)


if __name__ == "__main__":
    times = sys.argv[1] if len(sys.argv) > 1 else "50"
    if len(sys.argv) > 2:
        sys.exit(0 if run(int(times), sys.argv[2]) else 1)
    # Django is set up once in a process: each database gets one of its own.
    kinds = [subprocess.run([sys.executable, __file__, times, kind], check=False) for kind in ("sqlite", "postgresql")]
    sys.exit(max(done.returncode for done in kinds))
