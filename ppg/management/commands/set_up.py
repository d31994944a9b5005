"""Brings the database up to this version of the product. Several machines may begin at once: one after the other."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection
from django.db.migrations.recorder import MigrationRecorder

LOCK = 7_077_001  # any number that nothing else in this database takes
NO_RIGHT = "42501"  # of PostgreSQL: insufficient_privilege


class Command(BaseCommand):
    help = "Migrates the database, and puts into it what comes with the product. Run at each upgrade."

    def handle(self, *args: Any, **options: Any) -> None:
        with self.one_at_a_time():
            before = len(MigrationRecorder(connection).applied_migrations())
            self.migrate()
            done = len(MigrationRecorder(connection).applied_migrations()) - before
            self.stdout.write(f"{done} changes of the database.")
            call_command("createcachetable", verbosity=0)
            call_command("load_programmes", stdout=self.stdout)

    def migrate(self) -> None:
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except ProgrammingError as why:
            if getattr(why.__cause__, "sqlstate", "") != NO_RIGHT:
                raise
            raise CommandError(
                "This role of the database may not change its tables. Run this as the role that owns them"
                " (deploy/install --owner URL), or first on the machine that knows it."
            ) from why

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        if connection.vendor != "postgresql":
            settings.VAR.mkdir(parents=True, exist_ok=True)
            with (settings.VAR / "set-up.lock").open("w") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                self.stdout.write("Another machine is at it. Waiting until it has ended.")
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
