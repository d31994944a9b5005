"""Runs background jobs, and once a minute what is due by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
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
from ppg.health import heartbeat
from ppg.health.looks import sweep as look_around
from ppg.jobs import Sweep, requeue_lost
from ppg.limits import sweep as sweep_limits
from sessions_app.jobs import sweep as sweep_packs

# The last two talk to the mail server themselves, so that a slow one holds nothing else up.
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
    look_around,
]
SWEEP_SECONDS = 60


class Command(BaseCommand):
    help = "Runs background jobs, and closes what is due."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks at the queue")
        parser.add_argument("--once", action="store_true", help="do what is there and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = f"worker-{time.time_ns():x}"
        if options["once"]:
            heartbeat.beat(worker_id)
            self.work(worker_id, lambda: None, **options)
            return
        with heartbeat.Heart(worker_id) as heart:
            self.work(worker_id, heart.turn, **options)

    def work(self, worker_id: str, turn: Callable[[], object], **options: Any) -> None:
        last = 0.0
        while True:
            turn()
            close_old_connections()
            if time.monotonic() - last >= SWEEP_SECONDS or options["once"]:
                last = time.monotonic()
                for sweep in SWEEPS:
                    sweep(timezone.now())
            Worker(
                queue_names=["*"],
                excluded_queue_names=[],
                interval=0,
                batch=True,
                backend_name="default",
                startup_delay=False,
                max_tasks=None,
                worker_id=worker_id,
            ).run()
            if options["once"]:
                return
            time.sleep(options["interval"])
