"""Everything the installation holds, in open formats, in one encrypted file: for a council that leaves, or looks.

A zip in which each table stands as CSV and as JSON, with a description of every field (`processing_record.py`) and the
files beside them. It is written row by row in one snapshot, and sealed as a backup is (`ppg.encryption.sealed_stream`).
No part of the product is needed to open it: docs/adopting/open_archive.py does, with the key.

What opens something, what waits to be opened, and what could tie answers to a person is in no archive. Concerns and
what is known of them go into an archive of their own, under a key of its own: docs/decisions/taking-out.md.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import FileField, QuerySet
from django.utils import timezone

from ppg.audit_trail.audit import RESTRICTED
from ppg.database.snapshot import snapshot
from ppg.documents.spreadsheets import harmless
from ppg.encryption.sealed_stream import PIECE, Broken, Opener, Sealer
from ppg.holdings import processing_record
from ppg.holdings.processing_record import Field, Table
from ppg.hooks import Hook

ROWS_AT_ONCE = 100

# Nobody's data, worthless on another machine; and what was promised to be read by its writer alone.
LEFT_OUT = {
    "sessions.Session": "who is signed in",
    "ppg.SignIn": "on which devices",
    "ppg.Limit": "counts of tries",
    "ppg.PrivateNotes": "what parents who co-lead wrote for themselves alone",
    "ppg.Chore": "notes about work at night",
    "ppg.Heartbeat": "which workers run",
    "ppg.HealthLook": "how the service was when a worker last looked",
    "ppg.Canary": "a word by which the keys are tried",
    "ppg.Effect": "keys of buttons that were pressed",
    "ppg.AuditSeal": "the chain of hashes over the audit trail, by which a change is found",
    "ppg.AuditHead": "where that chain ends",
    "ppg.FilePiece": "pieces of uploaded files, which lie whole in files/",
    "programmes.Alert": "whom to tell within minutes that something came in",
    "django_tasks_database.DBTaskResult": "the queue of the worker",
}
TABLES_WITHOUT_A_MODEL = {"django_migrations": "the version of the tables", "ppg_cache": "what is kept for minutes"}


@dataclass(frozen=True)
class Blank:
    """Columns of a table that are left empty in rows whose `by` is among `values()`."""

    label: str
    columns: frozenset[str]
    by: str
    values: Callable[[], Collection[Any]]


apart_labels: Hook[str] = Hook("Tables that go into the archive of concerns, not into the one of everything.")
blanks: Hook[Blank] = Hook("Columns left empty in an archive, in rows that nobody may use any more.")


@dataclass
class Contents:
    """What was written: rows of each table, bytes and fingerprint of each file in the archive."""

    tables: dict[str, int] = field(default_factory=dict)
    files: dict[str, list[Any]] = field(default_factory=dict)  # name → [bytes, SHA-256]
    missing: list[str] = field(default_factory=list)  # files that a row names and that are not there

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


# --- Which tables and rows -----------------------------------------------------------------------------


def tables_in(apart: bool) -> list[Table]:
    """Of the archive with everything, or of the one with concerns."""
    taken = [table for table in processing_record.tables() if table.label not in LEFT_OUT]
    return [table for table in taken if apart == (table.label in apart_labels) or _is_trail(table)]


def _is_trail(table: Table) -> bool:
    return table.label == "ppg.AuditEntry"


def rows_in(table: Table, apart: bool) -> QuerySet[Any]:
    """Entries of the trail about concerns go with the concerns: each row is in one archive of the two."""
    found = table.model._base_manager.order_by("pk")
    if _is_trail(table):
        return found.filter(what__in=RESTRICTED) if apart else found.exclude(what__in=RESTRICTED)
    return found


def columns_of(table: Table) -> list[Field]:
    return [one for one in table.fields if one.is_taken]


# --- Writing -------------------------------------------------------------------------------------------


def write(path: Path, now: datetime, *, key: str, apart: bool = False) -> Contents:
    """The archive, whole and read back, or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with Sealer(file, key) as sealed:
                plain = _Counted(sealed)
                contents = _write(plain, now, apart)
            file.flush()
            os.fsync(file.fileno())
        if read_back(draft, key) != plain.fingerprint:
            raise Broken("The archive could not be read back as it was written. It was not kept.")
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return contents


def read_back(path: Path, key: str) -> str:
    """The fingerprint of what lies in it."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        opened = io.BufferedReader(Opener(file, [key]), PIECE)
        while piece := opened.read(PIECE):
            found.update(piece)
    return found.hexdigest()


class _Counted(io.RawIOBase):
    """Hands on what is written, and knows how much it was and its fingerprint."""

    def __init__(self, out: Any) -> None:
        self._out, self.size, self._print = out, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._out.write(data)
        self._print.update(data)
        self.size += len(data)
        return len(data)

    @property
    def fingerprint(self) -> str:
        return self._print.hexdigest()


def _write(out: Any, now: datetime, apart: bool) -> Contents:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, snapshot():
        made = _Archive(archive, now, apart)
        made.write()
    return made.contents


class _Archive:
    def __init__(self, archive: zipfile.ZipFile, now: datetime, apart: bool) -> None:
        self._zip, self._now, self._apart = archive, now, apart
        self.contents = Contents()

    def write(self) -> None:
        self._text("README.txt", _readme(self._now, self._apart))
        for table in tables_in(self._apart):
            self._table(table)
        self._text("tables.csv", _as_csv(TABLE_HEAD, _table_rows(self.contents, self._apart)))
        self._text("fields.csv", _as_csv(FIELD_HEAD, [_field_row(*one) for one in _every_field(self._apart)]))
        self._text("description.json", _json(description(self.contents, self._apart), indent=1))
        self._text("contents.json", _json(vars(self.contents), indent=1))

    def _text(self, name: str, text: str) -> None:
        with self._file(name) as out:
            out.write(text.encode())

    def _file(self, name: str) -> _Member:
        info = zipfile.ZipInfo(name, timezone.localtime(self._now).timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return _Member(self._zip.open(info, "w", force_zip64=True), name, self.contents)

    def _table(self, table: Table) -> None:
        """Read twice, once for each format, since a zip is written one file after the other; both in one snapshot."""
        columns = columns_of(table)
        rows = _Rows(table, columns, self._apart)
        with self._file(f"tables/{table.label}.csv") as raw:
            text = io.TextIOWrapper(cast(Any, raw), "utf-8-sig", newline="", write_through=True)
            sheet = csv.writer(text)
            sheet.writerow([one.name for one in columns])
            for row in rows:
                sheet.writerow([_cell(value) for value in row])
            text.detach()
        with self._file(f"tables/{table.label}.json") as raw:
            number = 0
            for number, row in enumerate(rows, start=1):
                named = dict(zip([one.name for one in columns], row, strict=True))
                raw.write((",\n" if number > 1 else "[\n").encode() + _json(named).encode())
            raw.write(b"\n]\n" if number else b"[]\n")
        self.contents.tables[table.label] = number
        for one in columns:
            if isinstance(one.model_field, FileField):
                self._uploads(table, one)
            elif one.kind == "file":
                self._table_files(table, one)

    def _uploads(self, table: Table, field: Field) -> None:
        storage = field.model_field.storage
        for name in rows_in(table, self._apart).exclude(**{field.name: ""}).values_list(field.name, flat=True):
            place = _place_of_upload(name)
            if place in self.contents.files:  # two rows may have one file
                continue
            try:
                with storage.open(name) as upload, self._file(place) as out:
                    shutil.copyfileobj(upload, out, PIECE)
            except FileNotFoundError:
                self.contents.missing.append(place)

    def _table_files(self, table: Table, field: Field) -> None:
        """Files that lie in the table itself, one after the other."""
        there = rows_in(table, self._apart).exclude(**{field.name: None}).values_list("pk", field.name)
        for pk, data in there.iterator(chunk_size=1):
            with self._file(_place_of_table_file(table, field, pk)) as out:
                out.write(zlib.decompress(data) if field.unit == "zlib" else bytes(data))


class _Member(io.RawIOBase):
    """One file in the zip. When it is closed its size and fingerprint stand in the contents."""

    def __init__(self, out: Any, name: str, contents: Contents) -> None:
        self._member, self._counted, self._name, self._contents = out, _Counted(out), name, contents

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self._counted.write(data)

    def close(self) -> None:
        if not self.closed:
            self._member.close()
            self._contents.files[self._name] = [self._counted.size, self._counted.fingerprint]
            super().close()


# --- Rows as plain values ------------------------------------------------------------------------------


class _Rows:
    """The rows of a table, opened, with what nobody may use any more left blank. Gone through more than once."""

    def __init__(self, table: Table, columns: list[Field], apart: bool) -> None:
        self._table, self._columns = table, columns
        self._queryset = rows_in(table, apart)
        self._in_table = [one.kind == "file" and not isinstance(one.model_field, FileField) for one in columns]
        self._there = [
            set(self._queryset.exclude(**{one.name: None}).values_list("pk", flat=True)) if in_table else set()
            for one, in_table in zip(columns, self._in_table, strict=True)
        ]
        self._blanks = [(one, frozenset(one.values())) for one in blanks if one.label == table.label]

    def __iter__(self) -> Iterator[list[Any]]:
        read = [column.name for column, in_table in zip(self._columns, self._in_table, strict=True) if not in_table]
        by = [one.by for one, _values in self._blanks]
        for pk, *values in self._queryset.values_list("pk", *by, *read).iterator(chunk_size=ROWS_AT_ONCE):
            blank = self._blank_in(values[: len(by)])
            row = dict(zip(read, values[len(by) :], strict=True))
            yield [
                self._place(at, pk) if self._in_table[at] else None if one.name in blank else _plain(one, row[one.name])
                for at, one in enumerate(self._columns)
            ]

    def _blank_in(self, values: list[Any]) -> set[str]:
        hit = [one.columns for (one, among), value in zip(self._blanks, values, strict=True) if value in among]
        return {name for columns in hit for name in columns}

    def _place(self, at: int, pk: Any) -> str | None:
        return _place_of_table_file(self._table, self._columns[at], pk) if pk in self._there[at] else None


def _plain(field: Field, value: Any) -> Any:
    if isinstance(field.model_field, FileField):
        return _place_of_upload(value) if value else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _place_of_upload(name: str) -> str:
    return f"files/{name}"


def _place_of_table_file(table: Table, field: Field, pk: Any) -> str:
    return f"files/{table.label}/{pk}-{field.name}.{'pdf' if field.unit == 'PDF' else 'json'}"


def _cell(value: Any) -> Any:
    """As it stands in a CSV."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return _json(value)
    return harmless(value) if isinstance(value, str) else value


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


# --- What it says of itself ----------------------------------------------------------------------------

TABLE_HEAD = ["table", "is", "about", "kept", "removed by", "rows"]
FIELD_HEAD = ["table", "field", "kind", "meaning", "unit", "choices", "points to", "about", "may be empty", "in here"]


def description(contents: Contents, apart: bool) -> list[dict[str, Any]]:
    """Every table with its fields, those that are left out too."""
    fields = [dict(zip(FIELD_HEAD, _field_row(table, one), strict=True)) for table, one in _every_field(apart)]
    return [
        dict(zip(TABLE_HEAD, row, strict=True)) | {"fields": [one for one in fields if one["table"] == row[0]]}
        for row in _table_rows(contents, apart)
    ]


def _table_rows(contents: Contents, apart: bool) -> list[list[Any]]:
    return [_table_row(table, contents.tables[table.label]) for table in tables_in(apart)]


def _table_row(table: Table, number: int) -> list[Any]:
    rule = processing_record.RULES[table.rule]
    return [table.label, table.meaning, processing_record.WHOSE[table.whose], rule.kept, rule.removed_by, number]


def _every_field(apart: bool) -> Iterator[tuple[Table, Field]]:
    return ((table, one) for table in tables_in(apart) for one in table.fields)


def _field_row(table: Table, field: Field) -> list[Any]:
    return [
        table.label,
        field.name,
        field.kind,
        field.meaning,
        field.unit,
        field.choices,
        field.refers_to,
        processing_record.LEVELS[field.level],
        bool(field.model_field.null or (field.model_field.blank and not field.model_field.primary_key)),
        field.is_taken,
    ]


def _as_csv(head: list[str], rows: list[list[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *([_cell(value) for value in row] for row in rows)])
    return f"\ufeff{text.getvalue()}"


WHERE_CONCERNS_ARE = (
    "Concerns and what somebody noticed, if there are any: an archive of their own is made for the safeguarding lead\n"
    "  by “manage.py take_out FILE --concerns”."
)
ONLY_CONCERNS = "Everything else: here are concerns, what somebody noticed, and the trail of both, and nothing more."


def _readme(now: datetime, apart: bool) -> str:
    text = (settings.BASE_DIR / "fixtures" / "archive" / "README.txt").read_text(encoding="utf-8")
    out = {**LEFT_OUT, **TABLES_WITHOUT_A_MODEL}
    return text.format(
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        of_concerns=ONLY_CONCERNS if apart else WHERE_CONCERNS_ARE,
        left_out="\n".join(f"    {label}: {words}" for label, words in out.items()),
    )
