"""The worker's heartbeat: a row that is written anew every twenty seconds, also while a long job runs.

A thread of the worker writes it, since a job may take minutes. A thread goes on where the worker itself is stuck, so it
falls silent when the worker has not come round to anything new for an hour.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.db.models import F
from django.db.models.functions import Now
from django_tasks.signals import task_started

from ppg import machine
from ppg.models import Heartbeat

log = logging.getLogger(__name__)

EVERY_SECONDS = 20
STUCK_SECONDS = 60 * 60
SILENT = timedelta(minutes=2)  # after that a worker counts as gone
KEPT = timedelta(days=1)  # so long is it known of a worker that is gone


def beat(worker_id: str) -> None:
    """By the database's clock. Rows of workers that ended long ago go."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(worker_id=worker_id, host=machine.name(), at=Now())],
        update_conflicts=True,
        unique_fields=["worker_id"],
        update_fields=["host", "at"],
    )
    Heartbeat.objects.filter(at__lt=Now() - KEPT).delete()


def is_beating() -> bool:
    """Whether any worker was heard of lately."""
    return Heartbeat.objects.filter(at__gt=Now() - SILENT).exists()


def last_heard() -> dict[str, tuple[datetime, timedelta]]:
    """Of each machine: when, and how long that is ago, by the database's clock."""
    rows = Heartbeat.objects.annotate(now=Now()).order_by(F("at").asc()).values_list("host", "at", "now")
    return {name: (at, now - at) for name, at, now in rows}  # the latest of a machine stays


class Heart:
    """`with Heart(worker_id) as heart: …; heart.turn()` each time the worker comes round to something new."""

    def __init__(self, worker_id: str) -> None:
        self.worker_id = worker_id
        self._turned = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Heart:
        task_started.connect(self.turn)
        self._thread.start()
        return self

    def __exit__(self, *args: Any) -> None:
        self._stop.set()
        task_started.disconnect(self.turn)
        self._thread.join(timeout=10)  # it may be writing its last beat

    def turn(self, **kwargs: Any) -> None:
        self._turned = time.monotonic()

    def _run(self) -> None:
        """On a connection of its own: what the worker holds in a transaction has nothing to do with it."""
        while not self._stop.is_set():
            if time.monotonic() - self._turned < STUCK_SECONDS:
                self._beat()
            self._stop.wait(EVERY_SECONDS)
        connection.close()

    def _beat(self) -> None:
        try:
            close_old_connections()
            beat(self.worker_id)
        except DatabaseError as error:  # it may answer again in twenty seconds
            log.warning("A heartbeat could not be written: %s", error)
            connection.close()
