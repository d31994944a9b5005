"""Writing the audit trail: one call from the view or action that did the thing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ppg.models import AuditEntry, User

Verb = AuditEntry.Verb


def record(
    by: User | None, verb: str, thing: Any, *, person: Any = None, cohort: Any = None, fields: Iterable[str] = ()
) -> None:
    """`by` is None where a caregiver acted through a link. Pass records, not values: only their codes are kept."""
    AuditEntry.objects.create(
        user=by,
        verb=verb,
        what=thing._meta.model_name,
        ref=getattr(thing, "code", ""),
        person=getattr(person, "code", ""),
        cohort=getattr(cohort, "code", ""),
        fields=sorted(fields),
    )


def record_each(by: User | None, verb: str, people: Iterable[Any], *, cohort: Any, fields: Iterable[str] = ()) -> None:
    """An entry for each of these people, in one query: a page that shows something about all of them."""
    names = sorted(fields)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            user=by,
            verb=verb,
            what=person._meta.model_name,
            ref=person.code,
            person=person.code,
            cohort=cohort.code,
            fields=names,
        )
        for person in people
    )
