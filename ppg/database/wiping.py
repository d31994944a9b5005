"""What was deleted is gone from the disk too.

SQLite overwrites what is deleted (`secure_delete`), but its write-ahead log still holds the old pages until it is
emptied. PostgreSQL keeps old rows until a table is written anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models, transaction


def after_commit() -> None:
    """Empties SQLite's write-ahead log once this transaction is kept."""
    transaction.on_commit(empty_journal, robust=True)


def empty_journal() -> None:
    """If somebody is reading just now, a later checkpoint does it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write_tables_anew(which: Iterable[type[models.Model]]) -> None:
    """On PostgreSQL, every row that was changed or deleted leaves the disk. Each table is locked while it is
    written anew, a moment for a table of this size. Outside a transaction."""
    if connection.vendor != "postgresql":
        return empty_journal()
    with connection.cursor() as cursor:
        for model in which:
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")


def about(model: type[models.Model]) -> list[type[models.Model]]:
    """The model and every one that points at it, directly or through others: whatever lay in their tables."""
    found = [model]
    for one in found:
        for link in one._meta.get_fields(include_hidden=True):
            if isinstance(link, models.ForeignObjectRel) and link.related_model not in found:
                found.append(link.related_model)
    return found
