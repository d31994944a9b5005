"""The focus group: a talk with the group after the programme. Notes hold no names."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from feedback.models import FocusGroup
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort


@transaction.atomic
def record(*, cohort: Cohort, held_on: date, people: int, notes: str, by: User) -> FocusGroup:
    """That it was held, with how many, and what was said."""
    made = FocusGroup.objects.create(cohort=cohort, held_on=held_on, people=people, notes=notes, by=by)
    audit.record(by, audit.Verb.CREATED, made, cohort=cohort, fields=["held_on", "notes", "people"])
    return made


@transaction.atomic
def change(*, focus_group: FocusGroup, held_on: date, people: int, notes: str, by: User) -> FocusGroup:
    """Put right, or a name taken out."""
    held = FocusGroup.objects.select_for_update(of=("self",)).get(pk=focus_group.pk)
    told = {"held_on": held_on, "people": people, "notes": notes}
    changed = [name for name, value in told.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, told[name])
        held.by = by
        held.save(update_fields=[*changed, "by"])
        audit.record(by, audit.Verb.CHANGED, held, cohort=focus_group.cohort, fields=changed)
    return held
