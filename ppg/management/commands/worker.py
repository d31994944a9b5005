"""Runs background jobs, and what is due by the clock: once a minute the sweeps, once a night the chores.

Several workers, on one machine or several, share the work: each job, minute and night is taken by one of them
(`ppg.background.chores`). What lies on a machine's own disk each machine looks after itself.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import time as hour
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from caregivers.at_rest import sweep as sweep_readable
from caregivers.concerns.jobs import remind_due
from caregivers.messages.jobs import sweep as sweep_messages
from caregivers.places.actions import end_offers
from caregivers.rights import actions as rights
from evaluation.across.jobs import sweep as sweep_across
from evaluation.home.jobs import tell_in_the_morning
from evaluation.rounds.actions import close_due_waves
from feedback.asking.jobs import close_due_forms
from feedback.suggestions.jobs import empty_due_boxes
from ppg.access.refusals import Refused
from ppg.accounts.mail.jobs import sweep as sweep_account_mail
from ppg.accounts.sessions import sweep as sweep_sign_ins
from ppg.audit_trail import chain
from ppg.background import chores, housekeeping
from ppg.background.chores import Nightly
from ppg.background.jobs import Sweep, rename, requeue_lost
from ppg.backups import nightly
from ppg.health import heartbeat
from ppg.health.looks import sweep as look_around
from ppg.limits import sweep as sweep_limits
from programmes.telling.jobs import sweep as sweep_alerts
from sessions_app.closing.jobs import end_catch_ups
from sessions_app.packs.jobs import sweep as sweep_packs
from sessions_app.register.jobs import days_over
from sessions_app.retention import jobs as retention

log = logging.getLogger(__name__)

# The queue knows a job by the path of its function. These have moved since 0.1.0 of November 2026: what was queued by
# the version before an upgrade is found all the same.
MOVED = {
    "caregivers.concern_jobs.remind": "caregivers.concerns.jobs.remind",
    "caregivers.jobs.make_handover": "caregivers.rights.jobs.make_handover",
    "caregivers.jobs.send_own_page": "caregivers.links.jobs.send_own_page",
    "caregivers.message_jobs.send_copy": "caregivers.messages.jobs.send_copy",
    "caregivers.poster_pdf.draw_poster": "caregivers.posters.jobs.draw_poster",
    "evaluation.jobs.make_across_pdf": "evaluation.across.redrawing.make_across_pdf",
    "evaluation.jobs.make_pdf": "evaluation.reports.jobs.make_pdf",
    "evaluation.jobs.send_wave_link": "evaluation.rounds.jobs.send_wave_link",
    "sessions_app.jobs.send_delivery": "sessions_app.packs.jobs.send_delivery",
}


def rename_moved(_now: datetime) -> None:
    rename(MOVED)


# The reminder talks to the mail server itself: it comes last, so that a slow one holds nothing else up.
SWEEPS: list[Sweep] = [
    end_offers,
    rename_moved,
    requeue_lost,
    sweep_alerts,
    sweep_account_mail,
    sweep_sign_ins,
    sweep_limits,
    close_due_forms,
    close_due_waves,
    empty_due_boxes,
    sweep_packs,
    sweep_across,
    sweep_messages,
    sweep_readable,
    chain.seal,
    remind_due,
]
SWEEP_SECONDS = 60
MINUTE = "sweeps"  # whose turn it is
MINUTE_LASTS = timedelta(seconds=SWEEP_SECONDS - 5)  # two clocks may differ a little

# In London. Between one and two at night an hour may come twice, or not at all.
NIGHTLY: list[Nightly] = [
    Nightly(nightly.NIGHTLY, hour(2), nightly.make),
    Nightly("old backups", hour(3), nightly.remove_old, each_machine=True),
    Nightly("ended sessions", hour(3), housekeeping.sessions_that_ended),
    Nightly("ended cache", hour(3), housekeeping.what_ended_in_the_cache),
    Nightly("finished jobs", hour(3), housekeeping.finished_jobs),
    Nightly("old presses", hour(3), housekeeping.old_presses),
    Nightly("absences", hour(3), days_over),
    Nightly("catch-ups", hour(3), end_catch_ups),
    Nightly("old chores", hour(3), housekeeping.old_chores),
    Nightly(chain.NIGHTLY, hour(4), chain.check_nightly),
    Nightly("retention", hour(5), retention.remove),
    Nightly("mail of the day", hour(7), tell_in_the_morning),
    Nightly("retention warning", hour(8), retention.warn),
]


class Jobs(Worker):
    def run_task(self, db_task_result: DBTaskResult) -> None:
        """One that came since the minute's sweep is found too."""
        db_task_result.task_path = MOVED.get(db_task_result.task_path, db_task_result.task_path)
        super().run_task(db_task_result)


class Stop:
    """At SIGTERM the job or sweep that is being done is done to its end, and nothing else is begun."""

    def __init__(self) -> None:
        self.asked = self.asleep = False
        self.jobs: Worker | None = None

    def watch(self) -> None:
        signal.signal(signal.SIGTERM, self.ask)

    def ask(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True
        if self.jobs:
            self.jobs.running = False
        if self.asleep:
            raise SystemExit(0)

    def sleep(self, seconds: float) -> None:
        self.asleep = True  # first: a signal before the next line is not slept through
        if not self.asked:
            time.sleep(seconds)
        self.asleep = False


def by_the_clock(now: datetime, stop: Stop, *, every: timedelta = MINUTE_LASTS) -> None:
    """Once a minute, each worker."""
    with chores.turn(MINUTE, now, every=every) as ours:
        for sweep in SWEEPS if ours else []:
            if not stop.asked:
                sweep(now)
    for of_this_machine in (keep_ledger, do_nightly, look_around):
        if not stop.asked:
            of_this_machine(now)


def do_nightly(now: datetime) -> None:
    chores.run(NIGHTLY, now)


def keep_ledger(now: datetime) -> None:
    """A disk or a store that is away holds nothing else up: the next minute tries again."""
    try:
        withdrawn, erased = rights.keep_ledger(now)
    except (OSError, Refused) as why:
        log.error("The ledger could not be kept the same everywhere: %s", why)
    else:
        if withdrawn or erased:
            log.warning("The database was put back: %s withdrawn again, %s erased again.", withdrawn, erased)


class Command(BaseCommand):
    help = "Runs background jobs, and closes what is due."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks at the queue")
        parser.add_argument("--once", action="store_true", help="do what is there and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id, stop = f"worker-{time.time_ns():x}", Stop()
        if options["once"]:
            heartbeat.beat(worker_id)
            self.work(worker_id, stop, lambda: None, **options)
            return
        stop.watch()
        with heartbeat.Heart(worker_id) as heart:
            self.work(worker_id, stop, heart.turn, **options)

    def work(self, worker_id: str, stop: Stop, turn: Callable[[], object], **options: Any) -> None:
        last = 0.0
        while not stop.asked:
            turn()
            close_old_connections()
            if time.monotonic() - last >= SWEEP_SECONDS or options["once"]:
                last = time.monotonic()
                by_the_clock(timezone.now(), stop, every=timedelta(0) if options["once"] else MINUTE_LASTS)
            stop.jobs = Jobs(
                queue_names=["*"],
                excluded_queue_names=[],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=worker_id,
            )
            if not stop.asked:
                stop.jobs.run()
            if options["once"]:
                return
            stop.sleep(options["interval"])
