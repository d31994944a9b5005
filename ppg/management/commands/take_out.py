"""Writes everything the installation holds, in open formats, into one encrypted file."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from caregivers.models import Concern, Information
from ppg import logs
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.encryption.crypto import Unreadable
from ppg.holdings import archives
from ppg.service_details import service


class Command(BaseCommand):
    help = (
        "Writes every table as CSV and JSON with a description of each field, and the files beside them, into one "
        "file that is encrypted like a backup. docs/adopting/leaving.md says how to open it without this product."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="where to")
        parser.add_argument(
            "--concerns",
            action="store_true",
            help="only concerns and information, under a key of their own, for the safeguarding lead",
        )

    def handle(self, *args: Any, file: Path, concerns: bool, **options: Any) -> None:
        if file.exists():
            raise CommandError(f"{file} is there already. Name a new file.")
        now = timezone.now()
        key = secrets.token_urlsafe(32) if concerns else settings.BACKUP_KEYS[0]
        try:
            say_so(concerns)
            made = archives.write(file, now, key=key, apart=concerns)
        except (Refused, OSError) as why:
            raise CommandError(f"There is no archive. {why}") from why
        except Unreadable as why:
            raise CommandError(f"There is no archive. {why} Add the older key to PPG_KEYS.") from why
        except DatabaseError as why:
            raise CommandError(
                f"There is no archive: the database cannot be read ({logs.name(why)}). Is it migrated?"
            ) from why
        self.stdout.write(f"{file}: {made.rows} rows of {len(made.tables)} tables, {len(made.files)} files. Read back.")
        for name in made.missing:
            self.stderr.write(f"Not there, although a row names it: {name}")
        if concerns:
            self.stdout.write(f"It opens with this key, which is shown once and kept nowhere:\n{key}")
            self.stdout.write("Give file and key to the safeguarding lead by two ways, and to nobody else.")


def say_so(concerns: bool) -> None:
    """In the trail before anything is read: no archive without an entry."""
    if not concerns:
        audit.record(None, audit.Verb.EXPORTED, service.newest(), fields=["everything"])
        return
    for model in (Concern, Information):
        everything = model.objects.select_related("cohort").order_by("pk")
        audit.record_list(None, audit.Verb.EXPORTED, everything.iterator(chunk_size=500), fields=["everything"])
