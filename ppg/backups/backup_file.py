"""Backups: every table and every uploaded file, in one encrypted file that is read back before it counts.

The same file works on SQLite and PostgreSQL and needs no other program: rows are read through the models in one
snapshot, while the site runs. What is encrypted in the database stays so inside; around it lies a second layer
(`ppg.encryption.sealed_stream`). Staff's sign-ins are not kept: after a restore everybody signs in again.
Nor are counts of tries and what is noted about work by the clock. Where the nightly ones lie: `ppg.backups.nightly`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F, TextField
from django.db.models.functions import Cast

from ppg.access.refusals import Refused
from ppg.audit_trail import rights
from ppg.database.snapshot import snapshot
from ppg.encryption.crypto import EncryptedTextField
from ppg.encryption.sealed_stream import PIECE, Broken, Opener, Sealer
from ppg.files import stored_files

NOT_KEPT = {"sessions.Session", "ppg.SignIn", "ppg.Limit", "ppg.Chore", "ppg.Heartbeat", "ppg.HealthLook"}
STAYS = {"ppg.LedgerLine"}  # in no backup, and a restore leaves it alone: docs/decisions/erasure.md
ROWS_AT_ONCE = 500


# --- What is in it -------------------------------------------------------------------------------------


@dataclass
class Contents:
    """What was written or read: rows and a fingerprint of each table, and of each file."""

    tables: dict[str, list[Any]] = field(default_factory=dict)  # name → [rows, fingerprint]
    files: dict[str, list[Any]] = field(default_factory=dict)  # name → [bytes, fingerprint]

    @property
    def rows(self) -> int:
        return sum(number for number, _print in self.tables.values())


def kept_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.label not in NOT_KEPT | STAYS and model._meta.managed]


def applied_migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def rows_of(model: type[models.Model]) -> Iterator[list[Any]]:
    """Each row as plain values, in the order of the model's columns; what is encrypted as it lies there."""
    columns: list[Any] = []
    for one in model._meta.concrete_fields:
        sealed = isinstance(one, EncryptedTextField)
        columns.append(Cast(F(one.attname), TextField()) if sealed else F(one.attname))
    named = {f"c{number}": column for number, column in enumerate(columns)}
    found = model._base_manager.order_by("pk").annotate(**named).values_list(*named)
    for row in found.iterator(chunk_size=ROWS_AT_ONCE):
        yield [_plain(value) for value in row]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value) if isinstance(value, UUID) else value


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def files() -> Iterator[str]:
    """Uploaded files that are no rows of a table."""
    return iter(()) if stored_files.in_database() else stored_files.every_name()


# --- Writing -------------------------------------------------------------------------------------------


def write(path: Path, now: datetime) -> Contents:
    """The backup, whole and read back, or none: it gets its name only when it is proved to be good."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb") as file:
            written = _write(file, now)
            file.flush()
            os.fsync(file.fileno())
        if check(draft) != written:
            raise Broken("The backup could not be read back as it was written. It was not kept.")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _write(file: IO[bytes], now: datetime) -> Contents:
    contents = Contents()
    with Sealer(file, settings.BACKUP_KEYS[0]) as sealed, gzip.GzipFile(fileobj=sealed, mode="wb", mtime=0) as out:
        with snapshot():
            out.write(_line({"made_at": now.isoformat(), "migrations": applied_migrations()}))
            for model in kept_models():
                contents.tables[model._meta.label] = _write_table(out, model)
        for name in files():
            if (written := _write_file(out, name)) is not None:
                contents.files[name] = written
        out.write(_line({"end": [contents.tables, contents.files]}))
    return contents


def _write_table(out: Any, model: type[models.Model]) -> list[Any]:
    out.write(_line({"table": model._meta.label, "columns": [one.attname for one in model._meta.concrete_fields]}))
    number, print_ = 0, hashlib.sha256()
    for row in rows_of(model):
        line = _line(row)
        out.write(line)
        print_.update(line)
        number += 1
    return [number, print_.hexdigest()]


def _write_file(out: Any, name: str) -> list[Any] | None:
    try:
        with default_storage.open(name) as file:
            data = file.read()
    except FileNotFoundError:  # it was taken away just now
        return None
    out.write(_line({"file": name, "data": base64.b64encode(data).decode()}))
    return [len(data), hashlib.sha256(data).hexdigest()]


# --- Reading -------------------------------------------------------------------------------------------


@contextmanager
def lines_of(path: Path) -> Iterator[Iterator[Any]]:
    with path.open("rb") as file:
        opened = io.BufferedReader(Opener(file, settings.BACKUP_KEYS), PIECE)
        with gzip.GzipFile(fileobj=opened, mode="rb") as lines:
            yield (json.loads(line) for line in lines)


def check(path: Path) -> Contents:
    """Reads all of it, and compares it with what it says of itself. `Broken` where it is not so."""
    contents, table, print_, number, end = Contents(), "", hashlib.sha256(), 0, None
    with lines_of(path) as lines:
        for line in lines:
            if isinstance(line, list):
                print_.update(_line(line))
                number += 1
                contents.tables[table] = [number, print_.hexdigest()]
            elif "table" in line:
                table, print_, number = line["table"], hashlib.sha256(), 0
                contents.tables[table] = [0, print_.hexdigest()]
            elif "file" in line:
                data = base64.b64decode(line["data"])
                contents.files[line["file"]] = [len(data), hashlib.sha256(data).hexdigest()]
            elif "end" in line:
                end = line["end"]
    if end != [contents.tables, contents.files]:
        raise Broken("The backup is not whole.")
    return contents


def restore(path: Path) -> Contents:
    """Puts everything back in place of what is there, in one transaction. Call `check` first: nothing is touched
    before the file has been read to its end."""
    by_label = {model._meta.label: model for model in kept_models()}
    rights.must_be_owner()
    with transaction.atomic(), lines_of(path) as lines:
        _same_version(next(lines))
        _empty(by_label.values())
        insert = _Insert(MigrationRecorder.Migration, [])  # until the first table begins
        for line in lines:
            if isinstance(line, list):
                insert.add(line)
            elif "table" in line:
                insert.flush()
                insert = _Insert(by_label[line["table"]], line["columns"])
            elif "file" in line:
                insert.flush()
                _numbers_go_on(by_label.values())  # a file may become a row
                _put_back(line["file"], base64.b64decode(line["data"]))
        insert.flush()
        _numbers_go_on(by_label.values())
        connection.check_constraints()
    return check(path)


def _numbers_go_on(every: Iterable[type[models.Model]]) -> None:
    """New rows are numbered after those that came back."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(every)):
            cursor.execute(sql)


def _same_version(head: dict[str, Any]) -> None:
    if head["migrations"] != applied_migrations():
        raise Refused(
            "This backup is of another version of the product. Install that version, restore, then run migrate."
        )


def is_empty() -> bool:
    """Whether nobody has worked with this database yet."""
    names = ("ppg.User", "programmes.Cohort", "caregivers.Caregiver")
    return not any(apps.get_model(name)._base_manager.exists() for name in names)


def _empty(every: Any) -> None:
    of_now = [apps.get_model(name) for name in NOT_KEPT]
    with rights.lifted(), connection.cursor() as cursor:
        for model in [*every, *of_now]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608  our own table


def _put_back(name: str, data: bytes) -> None:
    if default_storage.exists(name):
        default_storage.delete(name)
    if default_storage.save(name, ContentFile(data)) != name:
        raise Refused(f"The file {name} could not be put back under its name.")


class _Insert:
    """Rows into one table, many at a time, what is encrypted as it was."""

    def __init__(self, model: type[models.Model], columns: list[str]) -> None:
        fields: dict[str, Any] = {one.attname: one for one in model._meta.concrete_fields}
        self._fields = [fields[name] for name in columns]
        quote = connection.ops.quote_name
        names, holes = ", ".join(quote(one.column) for one in self._fields), ", ".join(["%s"] * len(columns))
        self._sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({holes})"  # noqa: S608  names of ours
        self._rows: list[list[Any]] = []

    def add(self, row: list[Any]) -> None:
        self._rows.append([_stored(one, value) for one, value in zip(self._fields, row, strict=True)])
        if len(self._rows) >= ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            with connection.cursor() as cursor:
                cursor.executemany(self._sql, self._rows)
        self._rows = []


def _stored(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, EncryptedTextField):
        return value
    if isinstance(field, models.BinaryField):
        return field.get_db_prep_save(base64.b64decode(value), connection)
    return field.get_db_prep_save(field.to_python(value), connection)
