"""Support given to the team of a group: that it was offered, held or not wanted, and when. Never what was said."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import TeamMember, TeamSupport
from programmes.support.rules import why_not


@transaction.atomic
def record(
    *, member: TeamMember, kind: str, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """That it was offered, and what became of it."""
    if why := why_not(member, kind):
        raise Refused(why)
    made = TeamSupport.objects.create(
        member=member, kind=kind, offered_on=offered_on, held_on=held_on, not_wanted=not_wanted, recorded_by=by
    )
    audit.record(by, audit.Verb.CREATED, made, cohort=member.cohort, fields=["kind", "offered_on"])
    return made


@transaction.atomic
def change(
    *, support: TeamSupport, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """What became of it, or a date put right."""
    held = TeamSupport.objects.select_for_update(of=("self",)).get(pk=support.pk)
    values = {"offered_on": offered_on, "held_on": held_on, "not_wanted": not_wanted}
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.recorded_by = by
        held.save()
        audit.record(by, audit.Verb.CHANGED, held, cohort=support.member.cohort, fields=changed)
    return held


@transaction.atomic
def remove(*, support: TeamSupport, by: User) -> None:
    """Recorded by mistake."""
    if TeamSupport.objects.filter(pk=support.pk).delete()[0]:
        audit.record(by, audit.Verb.CHANGED, support, cohort=support.member.cohort, fields=["removed"])
