"""Gathers on this machine who was erased, before its database is put aside."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ppg.backups import ledger


class Command(BaseCommand):
    help = (
        "Writes into PPG_LEDGER of this machine who was erased, by code, as far as the database knows: everybody."
        " Prints the other machines, whose lists a restore does not need any more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ledger.spread(timezone.now())
        except OSError as why:
            raise CommandError(f"PPG_LEDGER cannot be written. {why}") from why
        for machine in sorted({one.machine for one in ledger.not_seen(())}):
            self.stdout.write(machine)
