"""What is due by the clock is done once: by whoever comes first, again where they died, by London's clock."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from caregivers.concerns import actions as concerns
from caregivers.concerns import jobs as concern_jobs
from ppg import logs, machine
from ppg.access.refusals import Refused
from ppg.background import chores, jobs
from ppg.background.chores import Nightly
from ppg.files.stored_files import Unreachable
from ppg.management.commands import worker
from ppg.models import Chore
from ppg.sending.mail import NotSent
from tests.races import at_once, numbered

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]
NIGHT = datetime(2027, 6, 14, 2, 30, tzinfo=UTC)  # half past three in London
HOUR = timedelta(hours=1)


def nightly(do, at: time = time(2), **more: bool) -> list[Nightly]:
    return [Nightly("backup", at, do, **more)]


@pytest.fixture
def done() -> list[datetime]:
    """`done.append` is a chore."""
    return []


# --- One period ----------------------------------------------------------------------------------------------


def test_it_is_done_once_a_night(done):
    for minutes in range(0, 60 * 20, 7):
        chores.run(nightly(done.append), NIGHT + timedelta(minutes=minutes))
    assert done == [NIGHT]
    [chore] = Chore.objects.all()
    assert (chore.period, chore.failed, chore.tries) == ("2027-06-14", "", 1) and chore.ended_at
    chores.run(nightly(done.append), NIGHT + 24 * HOUR)
    assert len(done) == 2


def test_a_worker_that_was_off_at_night_does_it_in_the_morning(done):
    chores.run(nightly(done.append), NIGHT - 2 * HOUR)
    assert done == [] and not Chore.objects.exists()
    chores.run(nightly(done.append), NIGHT + 6 * HOUR)
    assert len(done) == 1


def test_one_of_a_week_is_due_from_its_monday(done):
    for days in range(-1, 7):
        chores.run(nightly(done.append, time(8), weekly=True), NIGHT + timedelta(days=days) + 6 * HOUR)
    assert [moment.date().isoformat() for moment in done] == ["2027-06-13", "2027-06-14"]  # a Sunday, a Monday
    assert set(Chore.objects.values_list("period", flat=True)) == {"2027-06-07", "2027-06-14"}


def test_what_lies_on_each_machine_each_machine_does(done, monkeypatch):
    for name in ("one", "two", "one"):
        monkeypatch.setattr(machine, "name", lambda name=name: name)
        chores.run(nightly(done.append, each_machine=True), NIGHT)
    assert len(done) == 2


@pytest.mark.parametrize(
    ("day", "steps"),
    [(datetime(2027, 3, 28, tzinfo=UTC), 60 * 12), (datetime(2027, 10, 30, 22, tzinfo=UTC), 60 * 12)],
    ids=["an hour is left out", "an hour comes twice"],
)
@pytest.mark.parametrize("at", [time(0, 30), time(1, 30), time(2), time(3)])
def test_in_the_nights_when_the_clocks_change_each_is_done_once(day, steps, at, done):
    """Whatever its hour."""
    [one] = nightly(done.append, at)
    periods = [one.period(day + timedelta(minutes=minute)) for minute in range(steps)]
    wanted = (day + timedelta(hours=12)).date().isoformat()
    assert wanted in periods
    for minute in range(0, steps, 5):
        chores.run([one], day + timedelta(minutes=minute))
    assert Chore.objects.filter(period=wanted).count() == 1
    assert len(done) == Chore.objects.count()


# --- What fails, and who dies --------------------------------------------------------------------------------


def test_what_fails_is_kept_without_anybodys_details_and_tried_again_after_an_hour(done, caplog):
    def fails(now: datetime) -> None:
        done.append(now)
        raise ValueError("nadia@council.example was refused")

    chores.run(nightly(fails), NIGHT)
    chore = Chore.objects.failing().get()
    assert chore.failed == "ValueError"
    line = logs.LineFormatter().format(caplog.records[-1])
    assert "backup was not done: ValueError" in line and "nadia" not in line
    chore.ended_at = NIGHT
    chore.save()
    chores.run(nightly(fails), NIGHT + timedelta(minutes=59))
    assert len(done) == 1
    chores.run(nightly(done.append), NIGHT + HOUR)
    assert len(done) == 2 and Chore.objects.done().get().tries == 2 and not Chore.objects.failing().exists()


@pytest.mark.parametrize(
    ("why", "kept"),
    [
        (Refused("The backup could not be read back."), "The backup could not be read back."),
        (Unreachable("The store answered: AccessDenied."), "The store answered: AccessDenied."),
        (OSError(28, "No space left on device", "/srv/nadia"), "OSError: No space left on device"),
        (SMTPRecipientsRefused({"nadia@council.example": (550, b"no")}), "SMTPRecipientsRefused"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_why_it_failed_is_kept_in_words_of_ours_or_the_machines(why, kept):
    def fails(now: datetime) -> None:
        raise why

    chores.run(nightly(fails), NIGHT)
    assert Chore.objects.get().failed == kept


def test_one_that_fails_holds_no_other_up_and_is_not_tried_for_ever(done):
    def fails(now: datetime) -> None:
        done.append(now)
        raise ValueError

    both = [Nightly("backup", time(2), fails), Nightly("old chores", time(2), lambda now: None)]
    for hours in range(12):
        chores.run(both, NIGHT + hours * HOUR)
        Chore.objects.update(ended_at=NIGHT + hours * HOUR)
    assert len(done) == chores.MOST_TRIES
    assert Chore.objects.get(name="old chores").tries == 1


def test_one_whose_worker_died_is_taken_again_after_a_while():
    chores.take("backup", "2027-06-14", NIGHT)
    assert chores.take("backup", "2027-06-14", NIGHT + chores.LOST_AFTER - timedelta(minutes=1)) is None
    again = chores.take("backup", "2027-06-14", NIGHT + chores.LOST_AFTER)
    assert again and again.tries == 2


def test_who_was_only_slow_ends_nothing_any_more():
    slow = chores.take("backup", "2027-06-14", NIGHT)
    again = chores.take("backup", "2027-06-14", NIGHT + chores.LOST_AFTER)
    assert not chores.end(slow, failed="late") and Chore.objects.get().ended_at is None
    assert chores.end(again) and not chores.end(again)
    assert Chore.objects.get().failed == ""


# --- At the same moment --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ten_workers_reach_for_it_and_one_has_it():
    first = at_once(*numbered(10, lambda index: chores.take("backup", "2027-06-14", NIGHT)))
    assert sum(one is not None for one in first) == 1
    later = NIGHT + chores.LOST_AFTER
    second = at_once(*numbered(10, lambda index: chores.take("backup", "2027-06-14", later)))
    assert [one.tries for one in second if one] == [2]


@pytest.mark.django_db(transaction=True)
def test_ten_workers_take_turns():
    """Whoever has it stays at it until all the others have been told that it is not theirs."""
    told_no, out = [], threading.Event()

    def go(index: int) -> bool:
        with chores.turn("sweeps", NIGHT) as ours:
            if ours:
                assert out.wait(30)
        if not ours:
            told_no.append(index)
        if len(told_no) == 9:
            out.set()
        return ours

    assert sorted(at_once(*numbered(10, go))) == [False] * 9 + [True]


def test_a_turn_comes_once_a_minute_and_again_where_its_worker_died():
    minute = timedelta(minutes=1)

    def ours(at: datetime) -> bool:
        with chores.turn("sweeps", at, every=minute) as mine:
            return mine

    assert ours(NIGHT) and not ours(NIGHT + timedelta(seconds=59)) and ours(NIGHT + minute)
    Chore.objects.update(ended_at=None)  # killed on its way
    assert not ours(NIGHT + 2 * minute) and ours(NIGHT + minute + chores.TURN_LOST_AFTER)


def test_a_clock_that_was_a_year_ahead_stops_nobody_once_it_is_right():
    with chores.turn("sweeps", NIGHT + timedelta(days=365)):
        pass
    with chores.turn("sweeps", NIGHT, every=timedelta(seconds=55)) as ours:
        assert ours
    with chores.turn("sweeps", NIGHT, every=timedelta(seconds=55)) as ours:
        assert not ours


def test_a_turn_that_ends_with_an_error_is_over():
    with pytest.raises(ZeroDivisionError), chores.turn("sweeps", NIGHT):
        raise ZeroDivisionError
    with chores.turn("sweeps", NIGHT) as ours:
        assert ours


@pytest.mark.django_db(transaction=True)
def test_of_two_machines_one_sends_the_reminder(cohort, facilitator, safeguarding, now, monkeypatch):
    """It talks to the mail server before it notes that it has: two at once would both send."""
    sent, slow = [], threading.Event()

    def send(**letter: object) -> None:
        sent.append(letter["to"])
        slow.wait(1)
        raise NotSent(later=True)

    monkeypatch.setattr(concern_jobs.mail, "send", send)
    concerns.write_down(cohort=cohort, words="x", on=now.date(), by=facilitator)
    sent.clear()  # it was tried at once
    at_once(*numbered(4, lambda index: concern_jobs.remind_due(now)))
    assert sent == [safeguarding.email]


# --- The worker's own ----------------------------------------------------------------------------------------


def test_what_a_dead_worker_left_is_given_back_once(now):
    """Two machines look at the same moment; meanwhile a third has begun the job again."""
    long_ago = now - jobs.LOST_AFTER - HOUR
    job = DBTaskResult.objects.create(
        task_path="x", backend_name="default", args_kwargs={}, status="RUNNING", started_at=long_ago, run_after=now
    )
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)

    class AsSeenBefore:
        """What the second machine read before the first gave it back and the third began it."""

        def filter(self, **asked: object):
            return seen if "started_at__lt" in asked else lost.model._default_manager.filter(**asked)

    seen = list(lost)
    assert jobs.requeue_lost(now) == 1
    DBTaskResult.objects.filter(pk=job.pk).update(status="RUNNING", started_at=now)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DBTaskResult, "objects", AsSeenBefore())
        assert jobs.requeue_lost(now) == 0
    job.refresh_from_db()
    assert job.status == "RUNNING"


def test_every_nightly_chore_has_a_name_of_its_own_and_no_hour_that_may_be_missing():
    names = [one.name for one in worker.NIGHTLY]
    assert len(set(names)) == len(names)
    assert not [one.name for one in worker.NIGHTLY if time(1) <= one.at < time(2)]


def test_the_minute_goes_on_where_the_ledger_cannot_be_written(settings, tmp_path, caplog, monkeypatch):
    settings.LEDGER = tmp_path  # a folder
    monkeypatch.setattr(worker, "NIGHTLY", [])
    worker.by_the_clock(NIGHT, worker.Stop())
    assert "The ledger could not be kept the same everywhere" in caplog.text
    assert Chore.objects.get(name=worker.MINUTE).ended_at


def test_two_workers_go_through_a_night_and_each_chore_is_done_once():
    """In processes and on a database of their own, of the kind that is being tested; the clock is moved."""
    command = [sys.executable, ROOT / "bench/two_workers.py", "2", connection.vendor]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 not done or done twice, 1 backup, 72 minutes swept, 0 twice" in done.stdout
