"""Encrypts everything anew under the newest key of PPG_KEYS, while the site runs."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ppg import logs
from ppg.access.refusals import Refused
from ppg.audit_trail import chain, rights
from ppg.database import wiping
from ppg.encryption import rotation

ROUNDS = 5  # what somebody was saving at that moment is tried again
PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    help = "Encrypts everything anew under the newest key of PPG_KEYS. Stopped at any moment, the next run goes on."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="say what is left under an older key, change nothing")
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="on PostgreSQL: write the tables anew afterwards, so that nothing under an older key is left on disk",
        )

    def handle(self, *args: Any, check: bool = False, rewrite: bool = False, **options: Any) -> None:
        models = {place.model for place in rotation.places()}
        try:
            if rewrite and not check:
                rights.must_own(models)
            counts = rotation.look() if check else self.rotate(options["verbosity"] > 1)
        except Refused as why:
            raise CommandError(str(why)) from why
        except KeyboardInterrupt:
            raise CommandError("Stopped. What is done stays done; run it again and it goes on.") from None
        except DatabaseError as why:
            said = logs.name(why)
            raise CommandError(f"The database does not do it ({said}). What is done stays done; run it again.") from why
        if rewrite and not check:
            wiping.write_tables_anew(models)
        self.say(counts)

    def rotate(self, each_lot: bool) -> rotation.KeyCounts:
        done: Counter[str] = Counter()
        for number in range(ROUNDS):
            done += rotation.rotate(self.say_lot if each_lot else lambda kind, rows: None)
            chain.vouch_anew()
            counts = rotation.look()
            if not counts.older.total():
                break
            if number < ROUNDS - 1:
                time.sleep(PAUSE_SECONDS)
        wiping.empty_journal()
        self.stdout.write(f"Encrypted anew: {in_words(done)}.")
        return counts

    def say_lot(self, kind: str, rows: int) -> None:
        self.stdout.write(f"{kind}: {rows}")
        self.stdout.flush()

    def say(self, counts: rotation.KeyCounts) -> None:
        if counts.unreadable.total():
            raise CommandError(
                f"No key in PPG_KEYS opens something in {in_words(counts.unreadable)}. Add the key that is missing;"
                " take none out."
            )
        if counts.older.total():
            raise CommandError(f"Left under an older key: {in_words(counts.older)}. Run it again.")
        if len(settings.FIELD_KEYS) == 1:
            self.stdout.write("Nothing is left under an older key: PPG_KEYS holds one, and it opens everything.")
            return
        self.stdout.write("Nothing is left under an older key: it may be taken out of PPG_KEYS.")
        hours = max(one.kept for one in rotation.passing).total_seconds() / 3600
        self.stdout.write(
            f"Not before {hours:.0f} hours after web server and worker were started with the newest one in front: until"
            f" then {', '.join(one.words for one in rotation.passing)} may need it. Run this once more before you do."
        )
        self.stdout.write(
            "Backups made before need it too: keep it somewhere else than these, as long as the oldest of them."
        )


def in_words(rows: Counter[str]) -> str:
    """`12 rows of Caregivers, 1 row of Feedback`."""
    counted = [
        f"{number} {'row' if number == 1 else 'rows'} of {kind}" for kind, number in sorted(rows.items()) if number
    ]
    return ", ".join(counted) or "nothing"
