"""What a request left in the database: which tables it wrote to, and every row as it lies there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from ppg.encryption.crypto import Unreadable, decrypt

WRITE = re.compile(r'\s*(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.I)

# What reading may leave behind: who read what, when they were last there, and how often they came.
BOOKS = {"ppg_auditentry", "ppg_auditseal", "ppg_audithead", "django_session", "ppg_signin", "ppg_limit"}

Rows = dict[str, frozenset[str]]


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that were written to meanwhile, the books apart."""
    hits: set[str] = set()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (table := WRITE.match(sql)) and table[1] not in BOOKS:
            hits.add(table[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield hits


def every_row() -> Rows:
    """Table → its rows, the books apart."""
    hits = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in BOOKS:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a table of ours
                hits[table] = frozenset(map(repr, cursor.fetchall()))
    return hits


def changed(before: Rows, after: Rows) -> set[str]:
    return {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}


Written = list[tuple[str, list[object]]]


@contextmanager
def written() -> Iterator[Written]:
    """Each statement that wrote, with its values as they are read: what was encrypted is opened. The books apart, and
    the keys of presses, which remember what a whole form said."""
    hits: Written = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (table := WRITE.match(sql)) and table[1] not in BOOKS | {"ppg_effect"}:
            hits.append((sql, [readable(one) for one in (itertools.chain(*params) if many else params or ())]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield hits


@contextmanager
def transactions() -> Iterator[list[str]]:
    """Of each write the transaction that it was made in; "" where it had none of its own. The books apart, but for the
    trail: an entry is written with what it is about."""
    hits: list[str] = []
    outside = len(connection.savepoint_ids)

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (table := WRITE.match(sql)) and table[1] not in BOOKS - {"ppg_auditentry"}:
            own = connection.savepoint_ids[outside:]
            hits.append(own[0] if own else "")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield hits


def readable(value: object) -> object:
    try:
        return decrypt(value) if isinstance(value, str) and value.startswith("gAAAA") else value
    except Unreadable:  # a sealed answer lies under its form's own key
        return "sealed"


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens meanwhile did not happen."""
    block: Any = transaction.atomic()
    block._from_testcase = True  # a request may begin its own lasting transaction inside it
    with block:
        yield
        transaction.set_rollback(True)
