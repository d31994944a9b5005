"""A worker says that it runs, also while a long job runs, and falls silent when it is stuck."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django_tasks import task
from django_tasks_db.management.commands import db_worker

from ppg.health import heartbeat
from ppg.management.commands import worker
from ppg.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_a_worker_writes_its_name_its_machine_and_when_by_the_databases_clock(monkeypatch, now):
    monkeypatch.setattr("socket.gethostname", lambda: "web1")
    heartbeat.beat("worker-1")
    row = Heartbeat.objects.annotate(now=Now()).get()
    assert (row.worker_id, row.host) == ("worker-1", "web1")
    assert timedelta(0) <= row.now - row.at < timedelta(seconds=30)


def test_the_next_beat_is_the_same_row(heard):
    heard("web1", hours=1)
    Heartbeat.objects.update(worker_id="worker-1")
    assert not heartbeat.is_beating()
    heartbeat.beat("worker-1")
    assert Heartbeat.objects.count() == 1 and heartbeat.is_beating()


def test_workers_on_several_machines_are_all_seen(heard):
    heard("web1", seconds=10)
    heard("web2", minutes=10)
    assert {host: ago > heartbeat.SILENT for host, (_at, ago) in heartbeat.last_heard().items()} == {
        "web1": False,
        "web2": True,
    }


def test_of_a_machine_whose_worker_was_started_again_the_new_one_counts(heard):
    heard("web1", minutes=10)
    Heartbeat.objects.create(worker_id="a new one", host="web1", at=Now())
    assert heartbeat.last_heard()["web1"][1] < heartbeat.SILENT


def test_rows_of_workers_that_ended_a_day_ago_go(heard):
    heard("web1", hours=25)
    heard("web2", hours=23)
    heartbeat.beat("worker-3")
    assert not Heartbeat.objects.filter(host="web1").exists() and Heartbeat.objects.count() == 2


def test_a_worker_that_is_run_once_says_so_too(monkeypatch):
    for module in (worker, db_worker):  # the test's own connection stays open
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    call_command("worker", once=True)
    assert heartbeat.is_beating()


@task()
def a_job() -> None:
    pass


# --- The thread ------------------------------------------------------------------------------------------


def wait_for(condition) -> bool:
    until = time.monotonic() + 10
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)
    return condition()


@pytest.fixture
def beats(monkeypatch) -> list[str]:
    """Quick, and without the database."""
    made: list[str] = []
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(heartbeat, "beat", made.append)
    return made


def test_it_beats_while_a_long_job_runs(beats):
    with heartbeat.Heart("worker-1"):
        assert wait_for(lambda: len(beats) > 3)  # and this thread does nothing else
    assert set(beats) == {"worker-1"}


def test_it_falls_silent_when_the_worker_has_been_at_one_thing_for_an_hour(beats, monkeypatch):
    with heartbeat.Heart("worker-1") as heart:
        heart._turned -= heartbeat.STUCK_SECONDS
        time.sleep(0.05)  # one that had begun before may end
        beats.clear()
        time.sleep(0.1)
        assert not beats
        heart.turn()
        assert wait_for(lambda: beats)


def test_each_job_that_begins_is_something_new(beats):
    result = a_job.using(backend="default")
    with heartbeat.Heart("worker-1") as heart:
        heart._turned = long_ago = time.monotonic() - heartbeat.STUCK_SECONDS
        result.enqueue()
        assert heart._turned > long_ago
    heart._turned = long_ago
    result.enqueue()
    assert heart._turned == long_ago  # one that has ended listens no more


def test_a_database_that_is_away_for_a_while_does_not_end_it(beats, monkeypatch, caplog):
    tries: list[int] = []

    def away(worker_id: str) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseError("away")
        beats.append(worker_id)

    monkeypatch.setattr(heartbeat, "beat", away)
    with heartbeat.Heart("worker-1"):
        assert wait_for(lambda: beats)
    assert "A heartbeat could not be written" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_thread_has_a_connection_of_its_own_and_leaves_none_open(monkeypatch):
    connection.ensure_connection()
    opened = connection.connection
    with heartbeat.Heart("worker-1"):
        assert wait_for(Heartbeat.objects.exists)
    assert not [one for one in threading.enumerate() if one.name == "heartbeat"]
    assert connection.connection is opened
