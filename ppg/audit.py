"""Writing the audit trail: one call from the view or action that did the thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from ppg.models import AuditEntry, User

Verb = AuditEntry.Verb

# Kinds of record whose very existence is told to their readers only: what was done with them is kept like everything
# else, but stands on their own pages and not in the trail that an administrator searches.
RESTRICTED = ("concern", "concernstep", "information")


def searchable() -> QuerySet[AuditEntry]:
    """The trail as an administrator sees it."""
    return AuditEntry.objects.exclude(what__in=RESTRICTED)


def of(thing: Any) -> QuerySet[AuditEntry]:
    """All that was done with one record, for those who may read it."""
    return AuditEntry.objects.filter(what=thing._meta.model_name, ref=thing.code).select_related("user")


def record(
    by: User | None, verb: str, thing: Any, *, person: Any = None, cohort: Any = None, fields: Iterable[str] = ()
) -> None:
    """`by` is None where nobody was signed in: a caregiver acted by a link, somebody was not let in, a command ran.
    Pass records, not values: only their codes are kept."""
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


def record_list(by: User | None, verb: str, things: Iterable[Any], *, fields: Iterable[str] = ()) -> None:
    """An entry for each of these records, in one query. They have `caregiver` (or None) and `cohort`."""
    names = sorted(fields)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            user=by,
            verb=verb,
            what=thing._meta.model_name,
            ref=thing.code,
            person=getattr(thing.caregiver, "code", ""),
            cohort=thing.cohort.code,
            fields=names,
        )
        for thing in things
    )


def did_lately(by: User, thing: Any, field: str, *, days: int) -> bool:
    """Whether this person has changed this field of this record within so many days."""
    since = timezone.now() - timedelta(days=days)
    changes = AuditEntry.objects.filter(user=by, verb=Verb.CHANGED, ref=thing.code, at__gte=since)
    return any(field in fields for fields in changes.values_list("fields", flat=True))
