"""Runs background jobs, and once a minute what is due by the clock."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from caregivers.actions import end_offers
from caregivers.concern_jobs import remind_due
from caregivers.message_jobs import sweep as sweep_messages
from evaluation.across.jobs import sweep as sweep_across
from evaluation.actions import close_due_waves
from feedback.actions import close_due_forms
from feedback.suggestions import empty_due_boxes
from ppg.accounts.mail.jobs import sweep as sweep_account_mail
from ppg.accounts.sessions import sweep as sweep_sign_ins
from ppg.jobs import Sweep, requeue_lost
from ppg.limits import sweep as sweep_limits
from sessions_app.jobs import sweep as sweep_packs

# The reminder talks to the mail server itself: it comes last, so that a slow one holds nothing else up.
SWEEPS: list[Sweep] = [
    end_offers,
    requeue_lost,
    sweep_account_mail,
    sweep_sign_ins,
    sweep_limits,
    close_due_forms,
    close_due_waves,
    empty_due_boxes,
    sweep_packs,
    sweep_across,
    sweep_messages,
    remind_due,
]
SWEEP_SECONDS = 60


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


class Command(BaseCommand):
    help = "Runs background jobs, and closes what is due."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks at the queue")
        parser.add_argument("--once", action="store_true", help="do what is there and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        last = 0.0
        worker_id = f"worker-{time.time_ns():x}"
        stop = Stop()
        if not options["once"]:
            stop.watch()
        while not stop.asked:
            close_old_connections()
            if time.monotonic() - last >= SWEEP_SECONDS or options["once"]:
                last = time.monotonic()
                for sweep in SWEEPS:
                    if not stop.asked:
                        sweep(timezone.now())
            stop.jobs = Worker(
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
