"""Who was erased and who withdrew what, by code alone, in every place that a restored backup does not put back.

A backup that is older knows nothing of it: `manage.py restore` reads all of these places and does it again. Each line
lies in a table that no backup holds and no restore touches (`LedgerLine`), in a file on the disk of the machine that
wrote it (PPG_LEDGER), and, where PPG_STORE or PPG_BACKUPS names a bucket, in that. It is in all of them before its
transaction is committed. If the commit then fails the line stays, and it does no harm: the person asked for it.

Lines are only ever added, so places that know different ones are put together by putting all lines into each. A file
carries a mark, and the database, with its backups, knows the marks of all machines: a restore can say which it has not
seen. See docs/decisions/erasure.md.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg import machine
from ppg.access.refusals import Refused
from ppg.links.codes import new_code
from ppg.models import LedgerFile, LedgerLine

log = logging.getLogger(__name__)

MARK = "#ledger"  # its line: this, the mark, and the machine that began the file


@dataclass(frozen=True)
class Line:
    code: str  # the caregiver's
    at: datetime
    why: str  # one word; see `caregivers.rights.actions`


def path() -> Path:
    return Path(settings.LEDGER)


def write(line: Line) -> None:
    """The line in every place, in the caller's transaction. Refused where one cannot be written: then nothing is
    changed."""
    into_database([line])
    try:
        if not LedgerFile.objects.filter(mark=mark_of(path()) or MARK).exists():
            introduce(timezone.now())
        _append([line])
        into_bucket([line])
    except OSError as error:
        log.error("The ledger cannot be written: %s", error)
        raise Refused(_("This could not be saved just now, and nothing was changed. Please try again later.")) from None


# --- The file --------------------------------------------------------------------------------------------


def read(file: Path | None = None) -> list[Line]:
    """Every line of a file that is whole; one that is not there has none. A line cut off by a power cut ends at the
    next."""
    return list(_lines(_texts(file or path())))


def _texts(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def _append(lines: Iterable[Line]) -> None:
    _write("".join(f"\n{line.code} {line.at.isoformat()} {line.why}\n" for line in lines))


def _write(text: str) -> None:
    """Waits until it lies on the disk."""
    path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o660)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(texts: Iterable[str]) -> Iterable[Line]:
    for text in texts:
        match text.split():
            case [code, at, why] if code != MARK:
                try:
                    yield Line(code, datetime.fromisoformat(at), why)
                except ValueError:
                    continue


def mark_of(file: Path) -> str:
    """The first one counts: two processes may have begun the file at once."""
    marks = (text.split() for text in _texts(file))
    return next((words[1] for words in marks if len(words) == 3 and words[0] == MARK), "")


def introduce(now: datetime) -> None:
    """The file has a mark, and the database knows it: a restore asks for this file if it cannot see it."""
    if not mark_of(path()):
        _write(f"\n{MARK} {new_code()} {machine.name()}\n")
    here = {"machine": machine.name(), "path": str(path())[:300], "seen_at": now}
    LedgerFile.objects.update_or_create(mark=mark_of(path()), defaults=here)


def introduce_at_start() -> None:
    """Of a web server: before its first line, so that the next backup knows of it. It starts all the same without."""
    try:
        introduce(timezone.now())
    except (OSError, DatabaseError) as error:
        log.error("The ledger of this machine is not known to the database: %s", error)
    connection.close()


# --- The table -------------------------------------------------------------------------------------------


def of_database() -> list[Line]:
    return [Line(row.code, row.at, row.why) for row in LedgerLine.objects.all()]


def into_database(lines: Iterable[Line]) -> None:
    rows = [LedgerLine(code=line.code, at=line.at, why=line.why) for line in lines]
    LedgerLine.objects.bulk_create(rows, ignore_conflicts=True)


# --- The bucket: each line is a name, since nothing can be written to the end of a file there -----------------


def bucket() -> Any:
    """A `ppg.files.bucket.Bucket`, or None where there is none."""
    return storages["ledger"] if "ledger" in settings.STORAGES else None


def of_bucket() -> list[Line]:
    store = bucket()
    return list(_lines(name.replace("!", " ") for name in store.listdir("")[1])) if store else []


def marks_in_bucket() -> set[str]:
    """Of machines whose worker has put every line there was into it. A bucket without one that a backup knows was never
    this service's, or is new: it knows nobody."""
    store = bucket()
    words = [name.split("!") for name in store.listdir("")[1]] if store else []
    return {parts[1] for parts in words if len(parts) == 3 and parts[0] == MARK}


def _mark_bucket() -> None:
    if (mark := mark_of(path())) not in marks_in_bucket():
        bucket().write(f"{MARK}!{mark}!{machine.name()}", b"")


def into_bucket(lines: Iterable[Line]) -> None:
    if store := bucket():
        for line in lines:
            store.write(f"{line.code}!{line.at.astimezone(UTC).isoformat()}!{line.why}", b"")


# --- All of them -----------------------------------------------------------------------------------------


def everywhere(files: Collection[Path] = ()) -> set[Line]:
    """What the places outside the database know, and these files of other machines."""
    for file in files:
        file.stat()  # one that was named has to be there
    lines = {*read(), *of_bucket()}
    return lines.union(*(read(file) for file in files))


def unknown(now: datetime) -> set[Line]:
    """What is written down elsewhere and the database does not know: it was put back by other means than ours."""
    return {line for line in everywhere() if line.at < now} - set(of_database())


def spread(now: datetime) -> None:
    """Puts into this machine's file and the bucket what others wrote and the database knows."""
    introduce(now)
    known = set(of_database())
    if missing := known - set(read()):
        _append(sorted(missing, key=lambda line: line.at))
    if bucket():
        into_bucket(known - set(of_bucket()))
        _mark_bucket()


def not_seen(files: Collection[Path]) -> list[LedgerFile]:
    """The machines whose file was not read, as far as the database knows machines. A bucket that one of them kept knows
    what all of them do."""
    if LedgerFile.objects.filter(mark__in=marks_in_bucket()).exists():
        return []
    seen = {mark_of(file) for file in (path(), *files)}
    return list(LedgerFile.objects.exclude(mark__in=seen))
