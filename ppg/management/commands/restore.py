"""Puts a backup back, and erases again whoever was erased since it was made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from caregivers.rights import actions as rights
from caregivers.rights import queries as rights_queries
from ppg.access.refusals import Refused
from ppg.backups import backup_file, ledger, nightly
from ppg.database import wiping
from ppg.files import stored_files
from ppg.models import LedgerFile
from sessions_app.retention import actions as retention


class Command(BaseCommand):
    help = "Restores a backup into an empty, migrated database. Who was erased stays erased."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="a file, or a name that backup --list says")
        parser.add_argument("--replace", action="store_true", help="throw away what is in the database now")
        parser.add_argument(
            "--ledger",
            dest="ledgers",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="the PPG_LEDGER of another machine, brought here; once for each",
        )
        parser.add_argument(
            "--without", action="append", default=[], metavar="MACHINE", help="whose PPG_LEDGER is lost; once for each"
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            with nightly.fetched(file) as path:
                self.restore(path, options["replace"], options["ledgers"], options["without"])
            if not stored_files.in_database():  # they were when the backup was made
                stored_files.bring_in(stored_files.DatabaseFiles())
        except FileNotFoundError as why:
            raise CommandError(
                f"There is no file {why.filename}. Nothing was restored. manage.py backup --list says which backups"
                " there are."
            ) from why
        except (Refused, OSError) as why:
            raise CommandError(str(why)) from why

    def restore(self, file: Path, replace: bool, ledgers: list[Path], without: list[str]) -> None:
        made, empty = backup_file.check(file), backup_file.is_empty()
        if not (replace or empty):
            raise CommandError("This database is not empty. With --replace what is in it is thrown away.")
        lines = {*ledger.everywhere(ledgers), *lines_of_database()}
        asked = set() if empty else marks_of_database()
        with transaction.atomic():  # nobody sees those who are to be erased again
            if backup_file.restore(file) != made:
                raise CommandError("The backup changed while it was read. Nothing was restored.")
            all_were_asked(ledgers, without, asked)
            withdrawn, erased = rights.replay([*lines, *rights_queries.known_lines()])
            ledger.into_database(lines)
            retention.forget_warnings()
        wiping.empty_journal()
        files = len(made.files) + made.tables["ppg.StoredFile"][0]
        self.stdout.write(f"{made.rows} rows of {len(made.tables)} tables and {files} files are back.")
        self.stdout.write(f"Withdrawn again: {withdrawn}. Erased again: {erased}. Everybody signs in again.")


def lines_of_database() -> list[ledger.Line]:
    """What the database that is about to be replaced knows; nothing where it cannot be read."""
    try:
        with transaction.atomic():
            return [*ledger.of_database(), *rights_queries.known_lines()]
    except DatabaseError:
        return []


def marks_of_database() -> set[str]:
    """Of the machines whose lines the database that is about to be replaced has got; none where it cannot be read."""
    try:
        with transaction.atomic():
            return set(LedgerFile.objects.values_list("mark", flat=True))
    except DatabaseError:
        return set()


def all_were_asked(ledgers: list[Path], without: list[str], asked: set[str]) -> None:
    """An empty database knows nobody who was erased since the backup, and a new one with an administrator no more: the
    machines that do are named in the backup."""
    missing = [one for one in ledger.not_seen(ledgers) if one.mark not in asked and one.machine not in without]
    if missing:
        raise CommandError(
            "Nothing was restored: somebody who was erased since could come back. The list of who was, in the file"
            f" PPG_LEDGER, was not read of {', '.join(map(str, missing))}. Bring each here and name it with"
            " --ledger FILE; of a machine whose file is lost say --without MACHINE."
        )
