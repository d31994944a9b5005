"""Removes the details of people whose group's time is over; the figures stay. The same as the page does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from caregivers.models import Caregiver
from ppg.access.refusals import Refused
from ppg.audit_trail import database_grants
from ppg.database import wiping
from sessions_app.retention import actions as retention_actions
from sessions_app.retention import queries as retention


class Command(BaseCommand):
    help = "Removes personal data whose time is over. With --dry-run it only says what would go."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and remove nothing")
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="on PostgreSQL: write the tables anew, so that nothing is left on disk",
        )

    def handle(self, *args: Any, dry_run: bool = False, rewrite: bool = False, **options: Any) -> None:
        if rewrite and not dry_run:
            try:
                database_grants.must_own(wiping.about(Caregiver))
            except Refused as why:
                raise CommandError(str(why)) from why
        due = retention.due(timezone.localdate())
        if not due:
            self.stdout.write("Nothing is due.")
        for group in due:
            self.stdout.write(f"{group.cohort.code}: {group.people} people, over since {group.over_on}")
            for words, number in retention.preview(group).items():
                self.stdout.write(f"    {words}: {number}")
            if not dry_run:
                retention_actions.remove(group=group, seen=group.people, by=None)
        if rewrite and not dry_run:
            wiping.write_tables_anew(wiping.about(Caregiver))
        if due and not dry_run:
            self.stdout.write("Removed. The figures are as they were.")
