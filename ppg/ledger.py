"""The file beside the database that says who was erased and who withdrew what, by code alone.

A backup that is older knows nothing of it: `manage.py restore` reads this file and does it again. A line is on the
disk before its transaction is committed. If the commit then fails the line stays, and it does no harm: the person
asked for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ppg.refusals import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    code: str  # the caregiver's
    at: datetime
    why: str  # one word; see `caregivers.actions.rights`


def path() -> Path:
    return Path(settings.LEDGER)


def write(line: Line) -> None:
    """Appends the line and waits until it lies on the disk. Refused where it cannot be: then nothing is changed."""
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        _append(f"\n{line.code} {line.at.isoformat()} {line.why}\n".encode())
    except OSError as error:
        log.error("PPG_LEDGER cannot be written: %s", error)
        raise Refused(_("This could not be saved just now, and nothing was changed. Please try again later.")) from None


def _append(text: bytes) -> None:
    handle = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text)
        os.fsync(handle)
    finally:
        os.close(handle)


def read() -> list[Line]:
    """Every line that is whole; a file that is not there has none. A line cut off by a power cut ends at the next."""
    if not path().exists():
        return []
    return list(_lines(path().read_text().splitlines()))


def _lines(texts: Iterable[str]) -> Iterable[Line]:
    for text in texts:
        match text.split():
            case [code, at, why]:
                try:
                    yield Line(code, datetime.fromisoformat(at), why)
                except ValueError:
                    continue
