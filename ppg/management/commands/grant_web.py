"""Gives the database's role of the web and the worker what they need, and no more of the audit trail than to add."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ppg import trail_rights
from ppg.refusals import Refused


class Command(BaseCommand):
    help = "On PostgreSQL, as owner of the tables: ROLE may do all that the site does, and only add to the audit trail."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        try:
            trail_rights.grant(role)
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{role} reads and writes every table, and adds to the audit trail without changing it.")
