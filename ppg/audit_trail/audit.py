"""Writing the audit trail: one call from the view or action that did the thing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from ppg.models import AuditEntry, User

Verb = AuditEntry.Verb

ONE_LOOK = timedelta(minutes=10)  # opened once more within it, a page says nothing new about who has read it

# Kinds of record whose very existence is told to their readers only: what was done with them is kept like everything
# else, but stands on their own pages and not in the trail that an administrator searches. Whom they are about is not in
# it either: the trail can be read where the keys are not (docs/decisions/at-rest.md).
RESTRICTED = ("concern", "concernstep", "information")


def searchable() -> QuerySet[AuditEntry]:
    """The trail as an administrator sees it."""
    return AuditEntry.objects.exclude(what__in=RESTRICTED)


def of(thing: Any) -> QuerySet[AuditEntry]:
    """All that was done with one record, for those who may read it."""
    return AuditEntry.objects.filter(what=thing._meta.model_name, ref=thing.code).select_related("user")


def written_about(person: Any, *, of: Iterable[Any]) -> QuerySet[AuditEntry]:
    """What was created and changed about one person, of these models, in the order in which it was."""
    kinds = [model._meta.model_name for model in of]
    entries = AuditEntry.objects.filter(person=person.code, what__in=kinds, verb__in=[Verb.CREATED, Verb.CHANGED])
    return entries.order_by("id")


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


def saw(
    request: HttpRequest,
    people: Iterable[Any],
    *,
    cohort: Any = None,
    of: Any = None,
    fields: Iterable[str] = ("name",),
    verb: str = Verb.SAW,
) -> None:
    """This page shows the name of each of these people, or what else `fields` names. Call it beside what is shown.

    People, or records that have `caregiver`, and `cohort` where none is given. `of` is the record the page is about,
    where it is about more than the person. A page that is opened or asked again within ten minutes adds entries for
    those only whom it did not show before: one query, and a second one where there is somebody new.
    """
    by = cast(User, request.user)
    page, names = request.resolver_match.view_name if request.resolver_match else "", sorted(fields)
    entries = {}
    for row in people:
        person = getattr(row, "caregiver", row)
        about = of if of is not None else person
        entry = AuditEntry(
            user=by,
            verb=verb,
            what=about._meta.model_name,
            ref=about.code if about.pk else "",
            person=person.code,
            cohort=getattr(cohort or getattr(row, "cohort", None), "code", ""),
            fields=names,
            page=page,
        )
        entries[_looked_at(entry)] = entry
    if not entries:
        return
    since = timezone.now() - ONE_LOOK
    before = AuditEntry.objects.filter(user=by, verb=verb, page=page, at__gte=since)
    for entry in before.order_by():
        entries.pop(_looked_at(entry), None)
    if entries:
        AuditEntry.objects.bulk_create(entries.values())


def _looked_at(entry: AuditEntry) -> tuple[str, ...]:
    return (entry.what, entry.ref, entry.person, entry.cohort, *entry.fields)


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
    """An entry for each of these records, in one query. They have a `cohort`."""
    names = sorted(fields)
    AuditEntry.objects.bulk_create(
        AuditEntry(
            user=by,
            verb=verb,
            what=thing._meta.model_name,
            ref=thing.code,
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
