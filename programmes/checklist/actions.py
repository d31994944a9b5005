"""A line of a group's checklist: ticked, and given to somebody by a day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.checklist.lines import Line
from programmes.models import ChecklistLine, Cohort
from programmes.team import actions as team


@transaction.atomic
def tick(*, cohort: Cohort, line: Line, done: bool, by: User, at: datetime | None = None) -> ChecklistLine:
    """Ticked or not, whatever it was before: who was first to tick it stays."""
    if not line.by_hand:
        raise Refused(_("This line ticks itself."))
    row = _held(cohort, line)
    if done == bool(row.ticked_at):
        return row
    row.ticked_at, row.ticked_by = (at or timezone.now(), by) if done else (None, None)
    row.save(update_fields=["ticked_at", "ticked_by"])
    audit.record(by, audit.Verb.CHANGED, row, cohort=cohort, fields=["ticked" if done else "unticked"])
    return row


@transaction.atomic
def plan(*, cohort: Cohort, line: Line, owner: User | None, due_on: date | None, by: User) -> ChecklistLine:
    """Who does it, and by when."""
    if owner:
        team.hold(cohort, owner)
    row = _held(cohort, line)
    values = {"owner": owner, "due_on": due_on}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        audit.record(by, audit.Verb.CHANGED, row, cohort=cohort, fields=changed)
    return row


def _held(cohort: Cohort, line: Line) -> ChecklistLine:
    row, _new = ChecklistLine.objects.get_or_create(cohort=cohort, phase=line.phase, slug=line.slug)
    return ChecklistLine.objects.select_for_update(of=("self",)).get(pk=row.pk)
