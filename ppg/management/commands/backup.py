"""Writes an encrypted backup while the site runs, and reads it back before it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from ppg import backups, logs
from ppg.refusals import Refused


class Command(BaseCommand):
    help = "Writes every table and every uploaded file into one encrypted file."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to (default: backups/ in PPG_VAR)")

    def handle(self, *args: Any, file: Path | None = None, **options: Any) -> None:
        now = timezone.now()
        path = file or backups.folder() / f"{timezone.localtime(now):%Y-%m-%d-%H%M%S}.backup"
        try:
            made = backups.write(path, now)
        except (Refused, OSError) as why:
            raise CommandError(f"There is no backup. {why}") from why
        except DatabaseError as why:
            said = logs.name(why)
            raise CommandError(f"There is no backup: the database cannot be read ({said}). Is it migrated?") from why
        self.stdout.write(f"{path}: {made.rows} rows of {len(made.tables)} tables, {len(made.files)} files. Read back.")
