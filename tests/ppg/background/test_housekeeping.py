"""What nobody looks at any more goes at night, and what somebody may still need stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from ppg.background import housekeeping, jobs
from ppg.forms import effects
from ppg.models import Chore, Effect

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_errors_that_hold_somebodys_words_lose_them_and_others_stay(now):
    failed = {
        "task_path": "made.up",
        "args_kwargs": {"args": [], "kwargs": {}},
        "backend_name": "default",
        "run_after": now,
    }
    errors = "SMTP refused rosa@home.example", "SMTP refused the connection"
    DBTaskResult.objects.bulk_create(DBTaskResult(traceback=error, **failed) for error in errors)
    jobs.forget([], ["rosa@home.example"])
    assert set(DBTaskResult.objects.values_list("traceback", flat=True)) == {"", "SMTP refused the connection"}


def test_sessions_that_ended_go_and_the_others_stay(now):
    for key, ends in (("ended", now - DAY), ("going on", now + DAY)):
        Session.objects.create(session_key=key, session_data="x", expire_date=ends)
    housekeeping.sessions_that_ended(now)
    assert Session.objects.get().session_key == "going on"


@pytest.mark.parametrize(
    ("status", "days", "stays"),
    [("SUCCESSFUL", 13, True), ("SUCCESSFUL", 15, False), ("FAILED", 13, True), ("FAILED", 15, False)],
)
def test_jobs_go_two_weeks_after_they_ended(status, days, stays, now):
    job = {"task_path": "x", "backend_name": "default", "args_kwargs": {}, "run_after": now}
    DBTaskResult.objects.create(status=status, finished_at=now - days * DAY, **job)
    assert housekeeping.finished_jobs(now) == (not stays) and DBTaskResult.objects.exists() == stays


@pytest.mark.parametrize("status", ["READY", "RUNNING"])
def test_a_job_that_is_not_over_stays_however_old(status, now):
    job = {"task_path": "x", "backend_name": "default", "args_kwargs": {}, "run_after": now - 99 * DAY}
    DBTaskResult.objects.create(status=status, started_at=now - 99 * DAY, **job)
    assert housekeeping.finished_jobs(now) == 0 and DBTaskResult.objects.exists()


def test_a_press_is_known_again_for_a_month(now):
    assert effects.once("key", lambda: "first", by=None, of="a trial") == "first"
    assert housekeeping.old_presses(now + 29 * DAY) == 0
    assert effects.once("key", lambda: "second", by=None, of="a trial") == "first"
    assert housekeeping.old_presses(now + 32 * DAY) == 1 and not Effect.objects.exists()


def test_of_each_chore_the_last_one_stays(now):
    for name, days in (("backup", 200), ("backup", 100), ("backup", 1), ("given up", 300), ("given up", 299)):
        Chore.objects.create(name=name, period=str(days), machine="here", began_at=now - days * DAY)
    assert housekeeping.old_chores(now) == 3
    assert set(Chore.objects.values_list("name", "period")) == {("backup", "1"), ("given up", "299")}
