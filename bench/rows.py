"""Writes rows by the million: a model's columns and defaults, but no object for each row.

Values pass through the model's own fields, so that what is encrypted in the product is encrypted here. The keys are
ours to give, so that rows can point at each other before they are written.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from django.db import connection, connections, models, transaction

from ppg.links.codes import CodeField

REPEATED = (models.DateField, models.JSONField)  # the same few values again and again: prepared once each


class Table:
    """The rows of one model until they are written. `add` returns the row's key."""

    def __init__(self, model: type[models.Model], chance: Random) -> None:
        self.model, self.chance = model, chance
        self.fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.index = {field.attname: number for number, field in enumerate(self.fields)}
        self.index |= {field.name: number for number, field in enumerate(self.fields)}
        self.ready = [preparer(field) for field in self.fields]
        self.template = [None if field.primary_key else self.default(field) for field in self.fields]
        self.codes = [number for number, field in enumerate(self.fields) if isinstance(field, CodeField)]
        self.key = self.index[model._meta.pk.attname]
        self.random_key = isinstance(model._meta.pk, models.UUIDField)
        self.last = 0 if self.random_key else model._base_manager.aggregate(n=models.Max("pk"))["n"] or 0
        self.rows: list[list[Any]] = []
        self.written = 0

    def default(self, field: Any) -> Any:
        """What a row has where nothing is said, ready for the database. A row that must say it fails in there."""
        if isinstance(field, CodeField) or (not field.has_default() and not field.blank and not field.null):
            return None
        if getattr(field, "auto_now_add", False):
            return None
        return field.get_db_prep_save(field.get_default(), connection)

    def code(self) -> str:
        return base64.urlsafe_b64encode(self.chance.randbytes(16)).decode()[:22]

    def add(self, **fields: Any) -> Any:
        row = self.template.copy()
        for name, value in fields.items():
            number = self.index[name]
            row[number] = value if value is None else self.ready[number](value)
        for number in self.codes:
            row[number] = self.code()
        self.last = row[self.key] = uuid4(self.chance) if self.random_key else self.last + 1
        self.rows.append(row)
        return self.last

    def write(self) -> None:
        names = ", ".join(connection.ops.quote_name(field.column) for field in self.fields)
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in self.rows:
                        copy.write_row(row)
            elif self.rows:
                places = ", ".join(["%s"] * len(self.fields))
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", self.rows)  # noqa: S608  our names
        self.written += len(self.rows)
        self.rows = []


def uuid4(chance: Random) -> str:
    """A random key in the letters that both databases take."""
    bits = chance.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62) | 4 << 76 | 2 << 62
    return f"{bits:032x}"


def preparer(field: Any) -> Callable[[Any], Any]:
    """From a value to what the database takes."""
    database = connections["default"]  # `connection` looks it up anew each time

    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, database)

    if isinstance(field, REPEATED):
        known: dict[Any, Any] = {}

        def remember(value: Any) -> Any:
            name = value if isinstance(field, models.DateField) else id(value)
            if name not in known:
                known[name] = (prepare(value), value)  # the value too, so that its id stays its own
            return known[name][0]

        return remember
    return prepare if "Encrypted" in type(field).__name__ else lambda value: value


class Tables:
    """A table for each model, written in the order in which the models are given."""

    def __init__(self, order: list[type[models.Model]], chance: Random) -> None:
        self.all = {model: Table(model, chance) for model in order}

    def __getitem__(self, model: type[models.Model]) -> Table:
        return self.all[model]

    def write(self) -> None:
        with transaction.atomic():
            for table in self.all.values():
                table.write()

    def finish(self) -> None:
        """The database goes on counting after our keys. PostgreSQL learns how its tables look, as it does by itself
        within the minute; SQLite never does in the product, and must do without here."""
        from django.core.management.color import no_style

        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.all)):
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute("ANALYZE")

    def counts(self) -> Counter[str]:
        return Counter({model.__name__: table.written for model, table in self.all.items()})
