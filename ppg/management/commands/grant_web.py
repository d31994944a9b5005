"""Gives the database's role of the web and the worker what they need, and no more of the audit trail than to add."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ppg.access.refusals import Refused
from ppg.audit_trail import database_grants


class Command(BaseCommand):
    help = "On PostgreSQL, as owner of the tables: ROLE may do all that the site does, and only add to the audit trail."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role", nargs="?", help="the one that DATABASE_URL of web and worker names")
        parser.add_argument(
            "--check", action="store_true", help="end with an error if the role of DATABASE_URL could change the trail"
        )

    def handle(self, *args: Any, role: str | None = None, check: bool = False, **options: Any) -> None:
        if check:
            return self.check_own_role()
        if not role:
            raise CommandError("Name the role that web and worker sign in as.")
        try:
            database_grants.grant(role)
        except Refused as why:
            raise CommandError(str(why)) from why
        self.stdout.write(f"{role} reads and writes every table, and adds to the audit trail without changing it.")

    def check_own_role(self) -> None:
        if database_grants.may_be_changed():
            raise CommandError("Whoever signs in to the database as this process does can change the audit trail.")
        self.stdout.write("This process can add to the audit trail, and neither change nor delete.")
