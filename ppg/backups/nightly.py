"""The nightly backups, in a store of their own (`storages["backups"]`): a folder, or a bucket.

One has its name there only once it was read back from there.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

from ppg import machine
from ppg.backups.backup_file import Contents, check, write
from ppg.encryption.sealed_stream import Broken
from ppg.models import Chore
from ppg.service_details import service

NIGHTLY = "backup"  # the chore's name
# `before-RELEASE-` stands in front of one that deploy/install makes before an upgrade.
NAMED = re.compile(r"(?:before-[0-9a-f-]+-)?(\d{4}-\d\d-\d\d-\d{6})(Z?)\.backup(\.\d+)?(\.part)?")
DRAFTS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """One that was read back; or a draft that a worker left behind when it died."""

    name: str
    made_at: datetime
    is_draft: bool = False


def store() -> Any:
    """A folder (`FileSystemStorage`) or a `ppg.files.bucket.Bucket`."""
    return storages["backups"]


def in_folder() -> bool:
    return isinstance(store(), FileSystemStorage)


def name_at(now: datetime) -> str:
    """By the clock that never turns back."""
    return f"{now.astimezone(UTC):%Y-%m-%d-%H%M%S}Z.backup"


def _named(name: str) -> Kept | None:
    """None for what is not ours. Names without Z are of earlier versions, by London's clock."""
    if not (parts := NAMED.fullmatch(name)):
        return None
    zone = UTC if parts[2] else timezone.get_default_timezone()
    made_at = datetime.strptime(parts[1], "%Y-%m-%d-%H%M%S").replace(tzinfo=zone)
    return Kept(name, made_at, bool(parts[4]))


def _in(place: Any) -> list[Kept]:
    try:
        names = place.listdir("")[1]
    except FileNotFoundError:  # there was none yet
        return []
    return sorted(filter(None, map(_named, names)), key=lambda one: one.made_at)


def kept() -> list[Kept]:
    """Those that can be restored from here, oldest first."""
    return [one for one in _in(store()) if not one.is_draft]


def last_made() -> datetime | None:
    """When the newest backup was made, of those that were read back. A folder of another machine cannot be looked
    into from here: then it counts that its worker said so."""
    found = [one.made_at for one in kept()]
    if in_folder():
        elsewhere = Chore.objects.done().filter(name=NIGHTLY).exclude(machine=machine.name())
        found += elsewhere.order_by("-began_at").values_list("began_at", flat=True)[:1]
    return max(found, default=None)


def make(now: datetime) -> tuple[str, Contents]:
    """One more in the store that is set; where it lies, and what is in it."""
    name = name_at(now)
    if in_folder():
        path = Path(store().path(name))
        return str(path), write(path, now)
    with _workplace() as folder:
        made = write(folder / name, now)
        _put(folder, name, made)
    return name, made


def _put(folder: Path, name: str, made: Contents) -> None:
    """Into the bucket, and read back from there before it gets its name."""
    draft, back = f"{name}.part", folder / "back"
    store().put(folder / name, draft)
    try:
        store().fetch(draft, back)
        if check(back) != made:
            raise Broken("The backup could not be read back from the store as it was written. It was not kept.")
    except BaseException:
        store().delete(draft)
        raise
    store().rename(draft, name)


@contextmanager
def fetched(file: Path) -> Iterator[Path]:
    """The file; or, where there is none, the backup of that name in the store."""
    if file.exists() or not any(one.name == str(file) for one in kept()):
        yield file
    elif in_folder():
        yield Path(store().path(str(file)))
    else:
        with _workplace() as folder:
            store().fetch(str(file), folder / file.name)
            yield folder / file.name


@contextmanager
def _workplace() -> Iterator[Path]:
    """For files on their way to or from a bucket. One who died here before left theirs behind."""
    long_ago = time.time() - DRAFTS_KEPT.total_seconds()
    for left in Path(settings.VAR).glob("backup-*.part"):
        if left.stat().st_mtime < long_ago:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix="backup-", suffix=".part") as folder:
        yield Path(folder)


def remove_old(now: datetime) -> int:
    """Deletes those that are older than the notice says, and drafts of yesterday; how many. The newest one that was
    read back stays, however old it is. The folder out of the box is looked through too: they went there before another
    place was set."""
    oldest = now - timedelta(weeks=service.newest().keep_backup_weeks)
    places = (store(), FileSystemStorage(location=Path(settings.VAR) / "backups"))
    every = [(place, one) for place in places for one in _in(place)]
    newest = max(filter(None, [last_made(), *(one.made_at for _place, one in every if not one.is_draft)]), default=None)
    gone = {
        one.name: place
        for place, one in every
        if (one.made_at < now - DRAFTS_KEPT if one.is_draft else one.made_at < oldest and one.made_at != newest)
    }
    for name, place in gone.items():
        place.delete(name)
    return len(gone)
