"""Says whether the audit trail is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ppg.access.refusals import Refused
from ppg.audit_trail import chain


class Command(BaseCommand):
    help = (
        "Checks that no entry of the audit trail was changed, taken away or put in; ends with an error where one was."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--was", metavar="NUMBER:HASH", help="an end of the chain that was noted down before")
        parser.add_argument(
            "--begin-anew",
            action="store_true",
            help="set aside what is sealed so far, faults and all: once you know what happened",
        )

    def handle(self, *args: Any, was: str = "", begin_anew: bool = False, **options: Any) -> None:
        if begin_anew:
            try:
                chain.begin_anew()
            except Refused as why:
                raise CommandError(str(why)) from why
        report = chain.read()
        faults = list(report.faults)
        if was:
            number, _colon, written = was.partition(":")
            if not number.isdecimal() or not written:
                raise CommandError("Write the number and the hash as they were printed: 1234:5f0c…")
            faults += filter(None, [chain.was(report, int(number), written)])
        for sentence in faults:
            self.stderr.write(sentence)
        if report.since:
            self.stdout.write(f"What stands before number {report.since + 1} was set aside and is not checked.")
        if report.begun:
            self.stdout.write(f"Entries before {chain.spoken(report.begun)} were there when the chain was begun.")
            self.stdout.write("What was changed before that is not found. Was it the upgrade that brought the chain?")
        if faults or report.more:
            total = len(faults) + report.more
            raise CommandError(f"The audit trail has {total} {'fault' if total == 1 else 'faults'}.")
        self.stdout.write("The audit trail is as it was written.")
        if report.number:
            self.stdout.write(f"It ends at {report.number}:{report.hash}")
            self.stdout.write("Note this line where nobody of this server writes: --was compares with it.")
