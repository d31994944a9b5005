"""Writes an encrypted backup while the site runs, and reads it back before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from ppg import logs
from ppg.access.refusals import Refused
from ppg.backups import backup_file, nightly
from ppg.time_of_day import day_and_clock


class Command(BaseCommand):
    help = "Writes every table and every uploaded file into one encrypted file."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to (default: where PPG_BACKUPS says)")
        parser.add_argument("--list", action="store_true", help="say which are there, and make none")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        now = timezone.now()
        try:
            if options["list"]:
                return self.say_which()
            where, made = (str(file), backup_file.write(file, now)) if file else nightly.make(now)
        except (Refused, OSError) as why:
            raise CommandError(f"There is no backup. {why}") from why
        except DatabaseError as why:
            raise CommandError(
                f"There is no backup: the database cannot be read ({logs.name(why)}). Is it migrated?"
            ) from why
        files = len(made.files) + made.tables["ppg.StoredFile"][0]
        self.stdout.write(f"{where}: {made.rows} rows of {len(made.tables)} tables, {files} files. Read back.")

    def say_which(self) -> None:
        """By their names, which `manage.py restore` takes, the newest last."""
        for one in nightly.kept():
            self.stdout.write(f"{one.name}  {day_and_clock(one.made_at)}")
