"""Puts a backup back, and erases again whoever was erased since it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from caregivers.actions import rights
from ppg import backups, ledger, wiping
from ppg.refusals import Refused


class Command(BaseCommand):
    help = "Restores a backup into an empty, migrated database. Who was erased stays erased."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="throw away what is in the database now")

    def handle(self, *args: Any, file: Path, replace: bool = False, **options: Any) -> None:
        try:
            made = backups.check(file)
            if not replace and not backups.is_empty():
                raise CommandError("This database is not empty. With --replace what is in it is thrown away.")
            lines = [*ledger.read(), *ledger_of_database()]
            with transaction.atomic():  # nobody sees those who are to be erased again
                if backups.restore(file) != made:
                    raise CommandError("The backup changed while it was read. Nothing was restored.")
                withdrawn, erased = rights.replay([*lines, *rights.known_lines()])
        except (Refused, OSError) as why:
            raise CommandError(str(why)) from why
        wiping.empty_journal()
        self.stdout.write(f"{made.rows} rows of {len(made.tables)} tables and {len(made.files)} files are back.")
        self.stdout.write(f"Withdrawn again: {withdrawn}. Erased again: {erased}. Everybody signs in again.")


def ledger_of_database() -> list[ledger.Line]:
    """What the database that is about to be replaced knows; nothing where it cannot be read."""
    try:
        with transaction.atomic():
            return rights.known_lines()
    except DatabaseError:
        return []
