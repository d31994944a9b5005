"""Uploaded files in the database: every machine reaches them there, encrypted, in the same backup as everything else.

Moving them from one store to another (`bring_in`) copies a file, reads the copy back, and only then takes the original
away: stopped at any moment, the next run goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.db import IntegrityError, transaction

from ppg.database import wiping
from ppg.models import FilePiece, StoredFile

PIECE = 64 * 1024
ROWS_AT_ONCE = 20


class Unreachable(OSError):
    """A store elsewhere did not answer, or not with what was asked for. Says so in a sentence without a key."""


class DatabaseFiles(Storage):
    """Django's storage on two tables. A file is written in the transaction of whoever saves it."""

    def _open(self, name: str, mode: str = "rb") -> File:
        if set(mode) - set("rb"):
            raise ValueError("A stored file is never changed: save another one.")
        row = StoredFile.objects.filter(name=name).first()
        pieces: Any = row.pieces.values_list("content", flat=True) if row else ()
        content = b"".join(pieces)
        if row is None or len(content) != row.size:  # or it went between the two looks
            raise FileNotFoundError(name)
        return ContentFile(content, name=name)

    def _save(self, name: str, content: File) -> str:
        while True:
            try:
                with transaction.atomic():
                    self._write(name, content)
                return name
            except IntegrityError:  # somebody took the name just now
                name = self.get_available_name(name)

    def _write(self, name: str, content: File) -> None:
        row = StoredFile.objects.create(name=name, size=0)
        pieces = [
            FilePiece(file=row, number=number, content=piece) for number, piece in enumerate(content.chunks(PIECE))
        ]
        FilePiece.objects.bulk_create(pieces, batch_size=ROWS_AT_ONCE)
        row.size = sum(len(piece.content) for piece in pieces)
        row.save(update_fields=["size"])

    def delete(self, name: str) -> None:
        if StoredFile.objects.filter(name=name).delete()[0]:
            wiping.after_commit()

    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(name=name).exists()

    def size(self, name: str) -> int:
        return self._row(name).size

    def get_modified_time(self, name: str) -> datetime:
        return self._row(name).stored_at

    def _row(self, name: str) -> StoredFile:
        row = StoredFile.objects.filter(name=name).first()
        if row is None:
            raise FileNotFoundError(name)
        return row

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        within = f"{path.strip('/')}/" if path.strip("/") else ""
        names = StoredFile.objects.filter(name__startswith=within).values_list("name", flat=True)
        rest = [name.removeprefix(within) for name in names]
        folders = sorted({name.partition("/")[0] for name in rest if "/" in name})
        return folders, [name for name in rest if "/" not in name]


# --- From one store to another ---------------------------------------------------------------------------


def names_in(store: Storage, folder: str = "") -> Iterator[str]:
    """Every file of a store, by its whole name."""
    try:
        folders, names = store.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in sorted(names):
        if name:
            yield f"{folder}/{name}" if folder else name
    for inner in sorted(folders):
        yield from names_in(store, f"{folder}/{inner}" if folder else inner)


def every_name() -> Iterator[str]:
    """Of the store that is set."""
    return names_in(default_storage)


def read(store: Storage, name: str) -> bytes:
    with store.open(name) as file:
        return bytes(file.read())


def in_database() -> bool:
    """Whether uploaded files are rows: then a backup of the tables has them."""
    return isinstance(default_storage, DatabaseFiles)


def other_stores() -> list[Storage]:
    """Where files may lie from before: the folder of earlier versions, and the database where a bucket is set now."""
    folder = FileSystemStorage(location=Path(settings.VAR) / "files")
    return [folder] if in_database() else [folder, DatabaseFiles()]


def bring_in(store: Storage, *, keep: bool = False) -> int:
    """Moves every file into the store that is set; how many. One that lies there already, word for word, is only taken
    away. `keep` leaves the originals."""
    moved = 0
    for name in list(names_in(store)):
        content = read(store, name)
        if not default_storage.exists(name):
            default_storage.save(name, ContentFile(content))
            moved += 1
        if read(default_storage, name) != content:
            raise OSError(f"{name} lies there with another content. Nothing of it was touched.")
        if not keep:
            store.delete(name)
    return moved
