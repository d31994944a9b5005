"""Reading everything as it was at one moment, while the site runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything that is read in it is as it was at one moment; nobody who writes has to wait."""
    if connection.in_atomic_block:  # a test's transaction
        yield
        return
    connection.ensure_connection()  # the mode below is set when it connects
    sqlite: Any = connection if connection.vendor == "sqlite" else None
    if sqlite:
        before, sqlite.transaction_mode = sqlite.transaction_mode, None  # a reader: takes no lock
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if sqlite:
            sqlite.transaction_mode = before
