"""The worker is asked to end while it works: what it does is done, and nothing else is begun."""

from __future__ import annotations

import os
import signal
import time

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from ppg.health import heartbeat
from ppg.management.commands import worker

done: list[str] = []


@task
def ends_the_worker(name: str) -> None:
    """A job during which the machine is shut down."""
    os.kill(os.getpid(), signal.SIGTERM)
    done.append(name)


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(worker, "SWEEPS", [])
    monkeypatch.setattr(heartbeat, "beat", lambda worker_id: None)  # its thread would wait for the test's transaction
    for module in (worker, db_worker):  # the test's own transaction is in that connection
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    done.clear()
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.django_db
def test_a_job_is_done_and_the_next_one_waits_for_another_worker(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    ends_the_worker.enqueue("first")
    ends_the_worker.enqueue("second")
    call_command("worker")
    assert done == ["first"]
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


@pytest.mark.django_db
def test_a_sweep_is_done_and_the_next_one_is_not_begun(monkeypatch):
    monkeypatch.setattr(
        worker, "SWEEPS", [lambda _now: ends_the_worker.func("first"), lambda _now: done.append("next")]
    )
    call_command("worker")
    assert done == ["first"]


@pytest.mark.django_db
def test_where_there_is_nothing_to_do_it_ends_at_once(monkeypatch):
    def asleep(seconds):
        assert seconds == 1000
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("It slept through it.")

    monkeypatch.setattr(time, "sleep", asleep)
    with pytest.raises(SystemExit) as end:
        call_command("worker", interval=1000)
    assert end.value.code == 0


# --- Jobs whose function has moved -----------------------------------------------------------------------


@task
def moved(name: str) -> None:
    done.append(name)


@pytest.fixture
def from_before(settings, monkeypatch):
    """A job that the version before has put on the queue."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(worker, "MOVED", {"was.here.moved": moved.module_path})
    moved.enqueue("from before")
    DBTaskResult.objects.update(task_path="was.here.moved")


@pytest.mark.django_db
def test_a_job_queued_before_an_upgrade_is_done_where_its_function_is_now(from_before):
    call_command("worker", once=True)
    assert done == ["from before"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db
def test_the_minute_renames_them_done_or_not(from_before, now):
    DBTaskResult.objects.update(status="SUCCESSFUL")
    worker.rename_moved(now)
    assert DBTaskResult.objects.get().task_path == moved.module_path


@pytest.mark.parametrize("path", worker.MOVED.values())
def test_each_of_them_is_a_job(path):
    assert import_string(path).module_path == path
