"""The trail as a chain: what was changed, taken away, put in between or cut off is found.

The worker seals what is new once a minute: each entry gets a number and a SHA-256 over its contents and over the seal
before. Whoever can write to the database could make all of that anew, so the end of the chain is vouched for by an HMAC
under a key of PPG_KEYS, which the database does not hold. Why so: docs/decisions/audit-trail.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.database.snapshot import snapshot
from ppg.models import AuditEntry, AuditHead, AuditSeal
from ppg.time_of_day import day_and_clock

log = logging.getLogger(__name__)

AT_ONCE = 2000
# Seals. An entry that was written before the last of so many, and not sealed with them, came by other ways.
LATE = 10_000
SEALED_WITHIN = timedelta(minutes=5)
OUT_OF_ORDER = timedelta(hours=1)  # no transaction lasts so long
MOST_FAULTS = 20
BEGUN = ["chain begun"]  # the fields of the entry that says that the chain began on a trail that was there already
NIGHTLY = "check of the audit trail"  # the chore's name
BROKEN = "The end of the audit trail's chain does not fit. Nothing is sealed until manage.py check_trail was read."

COLUMNS = ("user_id", "verb", "what", "ref", "person", "cohort", "fields", "page")


# --- What is sealed ------------------------------------------------------------------------------------------


def hash_of(previous: str, pk: int, at: datetime, *values: Any) -> str:
    """`values` in the order of COLUMNS. What is empty is left out: a column that is added later changes no old hash."""
    record = {name: value for name, value in zip(COLUMNS, values, strict=True) if value}
    record |= {"id": pk, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@lru_cache(maxsize=8)
def _key(of: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"the end of the audit trail").derive(of.encode())


def _mac(head: AuditHead, key: str) -> str:
    text = f"{head.since}:{head.number}:{head.hash}"
    return hmac.new(_key(key), text.encode(), hashlib.sha256).hexdigest()


def fits(head: AuditHead) -> bool:
    """Its HMAC was made with one of our keys."""
    return any(hmac.compare_digest(_mac(head, key), head.mac) for key in settings.FIELD_KEYS)


# --- Sealing -------------------------------------------------------------------------------------------------


def seal(now: datetime | None = None) -> int:
    """Seals what is new; returns how many. On several machines one does it, the others leave it alone.

    Nobody who writes an entry waits: only this locks the head of the chain.
    """
    done = 0
    while number := _seal_some():
        done += number
    return done


def _seal_some() -> int:
    with transaction.atomic():
        head = _locked()
        if head is None:
            return 0
        if head.mac and not (fits(head) and _ends_there(head)):
            log.error(BROKEN)
            return 0
        if not head.mac and _is_late():
            audit.record(None, audit.Verb.CHANGED, head, fields=BEGUN)
        new = AuditEntry.objects.filter(seal=None, pk__gt=_beginning_of_new(head)).order_by("pk")
        entries = list(new.values_list("pk", "at", *COLUMNS)[:AT_ONCE])
        seals = []
        for number, entry in enumerate(entries, start=head.number + 1):
            head.number, head.hash = number, hash_of(head.hash, *entry)
            seals.append(AuditSeal(number=number, entry_id=entry[0], hash=head.hash))
        AuditSeal.objects.bulk_create(seals)
        if seals:
            _vouch(head)
        return len(seals)


def _is_late() -> bool:
    """There are entries that a chain would have sealed long ago: after the upgrade that brought it. Or somebody took it
    away, changed what they liked, and waited for the worker; nothing else in the database would tell."""
    return AuditEntry.objects.filter(at__lt=timezone.now() - SEALED_WITHIN).exists()


def vouch_anew() -> None:
    """With the newest key, before an older one is taken out. The worker does so too, at the next entry."""
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        if head and head.mac and fits(head):
            _vouch(head)


def _locked() -> AuditHead | None:
    """Nothing while somebody else seals."""
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update(skip_locked=True).filter(pk=1).first()


def _vouch(head: AuditHead) -> None:
    head.mac = _mac(head, settings.FIELD_KEYS[0])
    head.save()


def _ends_there(head: AuditHead) -> bool:
    last = AuditSeal.objects.last()
    return (last.number, last.hash) == (head.number, head.hash) if last else head.number == 0


def _beginning_of_new(head: AuditHead) -> int:
    """The key behind which entries are still sealed. Keys are given before rows are kept, so one may come a little
    late, but not behind so many others."""
    if head.number <= LATE:
        return 0
    lately = AuditSeal.objects.filter(number__gt=head.number - LATE).aggregate(first=Min("entry"))["first"]
    return lately or 0


def begin_anew() -> int:
    """Sets aside what is sealed so far, faults and all, and says so in the trail. From here on the chain is checked
    as before; returns the number of the last seal that is not."""
    with transaction.atomic():
        head = _locked()
        if head is None:
            raise Refused("The worker is sealing just now. Run this again.")
        last = AuditSeal.objects.last()
        head.number, head.hash = (last.number, last.hash) if last else (0, "")
        head.since = head.number
        _vouch(head)
        audit.record(None, audit.Verb.CHANGED, head, fields=["chain begun anew"])
        return head.since


# --- Checking ------------------------------------------------------------------------------------------------


@dataclass
class Report:
    """Sentences about what is wrong, and where the chain ends."""

    faults: list[str] = field(default_factory=list)
    since: int = 0
    begun: datetime | None = None  # on entries that were there already, as they were found
    number: int = 0
    hash: str = ""
    more: int = 0  # faults that are not told one by one

    def add(self, sentence: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)
        else:
            self.more += 1


def check(now: datetime | None = None) -> list[str]:
    """A sentence for each fault; none where the trail is as it was written."""
    report = read(now)
    return [*report.faults, f"And {report.more} faults more."] if report.more else report.faults


def check_nightly(now: datetime) -> None:
    """Fails where something is wrong: the chore that failed stands on the administrator's home."""
    seal(now)  # first: while other chores of the night ran nobody may have sealed
    if check(now):
        raise Refused("The trail is not as it was written. manage.py check_trail says what is wrong with it.")


def read(now: datetime | None = None) -> Report:
    """Reads all of it, as it was at one moment."""
    with snapshot():
        head = AuditHead.objects.filter(pk=1).first()
        if head is None or not head.mac:
            report = Report()
            if AuditSeal.objects.exists():
                report.add("The head of the chain is gone: somebody took it away.")
        else:
            report = Report(since=head.since, number=head.number, hash=head.hash)
            _follow(report, head)
        report.begun = AuditEntry.objects.filter(what=AuditHead._meta.model_name, fields=BEGUN).aggregate(at=Max("at"))[
            "at"
        ]
        _before_the_first(report)
        _unsealed(report, head, now or timezone.now())
    return report


def _follow(report: Report, head: AuditHead) -> None:
    """Along the chain, number by number; where it breaks it is taken up again behind the break."""
    number, last = head.since, ""
    if head.since:
        before = AuditSeal.objects.filter(number=head.since).first()
        last = before.hash if before else ""
    latest: datetime | None = None
    for this, written, entry in _links(head.since):
        if this != number + 1:
            report.add(_missing(number + 1, this - 1))
        elif hash_of(last, *entry) != written:
            report.add(f"Entry {entry[0]} of {spoken(entry[1])} was changed, or another stood before it.")
        if latest and entry[1] < latest - OUT_OF_ORDER:
            report.add(
                f"Entry {entry[0]} says {spoken(entry[1])}, and was written after one of {spoken(latest)}: it was put"
                " in later, or the clock of the server was wrong."
            )
        latest = max(latest or entry[1], entry[1])
        number, last = this, written
    if not fits(head):
        report.add(
            "No key in PPG_KEYS vouches for the end of the chain: somebody without the key made it anew, or the key was"
            " taken out. Any entry may have been changed."
        )
    if number < head.number:
        report.add(f"The end is cut off. {_missing(number + 1, head.number)}")
    elif (number, last) != (head.number, head.hash):
        report.add("Behind the end of the chain stands what the worker did not seal, or its last seal was changed.")


def _links(since: int) -> Iterator[tuple[int, str, tuple[Any, ...]]]:
    of_entry = [f"entry__{name}" for name in ("id", "at", *COLUMNS)]
    rows = AuditSeal.objects.filter(number__gt=since).order_by("number").values_list("number", "hash", *of_entry)
    for number, written, *entry in rows.iterator(chunk_size=AT_ONCE):
        yield number, written, tuple(entry)


def _before_the_first(report: Report) -> None:
    """A seal there would hide its entry: it waits for none, and the chain is followed from the first number on."""
    for pk in AuditSeal.objects.filter(number__lt=1).values_list("entry", flat=True):
        report.add(f"Entry {pk} was put in before the first number.")


def _unsealed(report: Report, head: AuditHead | None, now: datetime) -> None:
    waiting = AuditEntry.objects.filter(seal=None)
    if not (head and head.mac):
        if waiting.filter(at__lt=now - SEALED_WITHIN).exists():
            report.add("No entry is sealed yet: is the worker running?")
        return
    beginning = _beginning_of_new(head)
    among = waiting.filter(pk__lte=beginning).order_by("pk")
    for pk, at in among.values_list("pk", "at")[: MOST_FAULTS + 1]:
        report.add(f"Entry {pk}, which says {spoken(at)}, was put in among older ones.")
    if late := waiting.filter(pk__gt=beginning, at__lt=now - SEALED_WITHIN).count():
        report.add(f"{late} {'entry is' if late == 1 else 'entries are'} not sealed yet: is the worker running?")


def was(report: Report, number: int, written: str) -> str:
    """Whether the chain had this end once, as it was noted down; a sentence where it does not hold it any more."""
    seal = AuditSeal.objects.filter(number=number).first()
    if seal is not None and seal.hash == written:
        return ""
    if number > report.number:
        return f"It ends at {report.number} now: its end was cut off, or a backup from before was restored."
    return f"What stands at {number} is not what was noted: it was made anew, or a backup from before was restored."


def _missing(first: int, last: int) -> str:
    return f"Number {first} is missing." if first == last else f"Numbers {first} to {last} are missing."


def spoken(at: datetime) -> str:
    return day_and_clock(at)
