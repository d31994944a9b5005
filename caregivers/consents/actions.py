"""What people agree to, and take back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from caregivers import record_parts
from caregivers.models import (
    Caregiver,
    Consent,
    ConsentKind,
    ConsentWording,
    How,
)
from ppg.audit_trail import audit
from ppg.models import User


@transaction.atomic
def withdraw(
    *, caregiver: Caregiver, kind: str, how: str = How.ONLINE, by: User | None = None, at: datetime | None = None
) -> Consent:
    """Takes a consent back: a row is added, and whatever was made from it is told at once, in this transaction."""
    now = at or timezone.now()
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    last = person.consents.filter(kind=kind).select_related("wording").last()
    if last and not last.given:
        return last  # pressed twice
    wording = last.wording if last else ConsentWording.objects.newest()[kind]
    row = say(person, wording, False, how, by, now)
    record_parts.tell_withdrawn(person, kind, now)
    return row


@transaction.atomic
def agree(
    *,
    caregiver: Caregiver,
    kind: str,
    how: str = How.ONLINE,
    by: User | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Consent:
    """Gives a consent later, or again: a row is added, with the wording that was shown."""
    person = Caregiver.objects.hold(caregiver.pk)
    wording = ConsentWording.objects.shown({kind: version} if version else {})[kind]
    last = person.consents.filter(kind=kind).last()
    if last and last.given and last.wording_id == wording.pk:
        return last  # pressed twice
    return say(person, wording, True, how, by, at or timezone.now())


def say_each(
    person: Caregiver,
    wordings: Mapping[str, ConsentWording],
    ticked: Mapping[str, bool],
    how: str,
    by: User | None,
    now: datetime,
) -> None:
    """A word on every kind at once, as a registration gives it: what stood and is not ticked now is taken back. The
    caller holds the person."""
    stood = set(person.consents.current().filter(given=True).values_list("kind", flat=True))
    for kind in ConsentKind.values:
        given = bool(ticked.get(kind))
        say(person, wordings[kind], given, how, by, now)
        if kind in stood and not given:
            record_parts.tell_withdrawn(person, kind, now)


def say(person: Caregiver, wording: ConsentWording, given: bool, how: str, by: User | None, now: datetime) -> Consent:
    row = Consent.objects.create(
        caregiver=person, kind=wording.kind, wording=wording, given=given, how=how, at=now, recorded_by=by
    )
    audit.record(by, audit.Verb.CREATED, row, person=person, fields=[wording.kind])
    return row
