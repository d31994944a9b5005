"""A list of people brought into a group's list. It gives no places and no consents."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from caregivers.importing.queries import look_over
from caregivers.importing.rows import Checked, Person
from caregivers.importing.upload import Upload
from caregivers.models import Caregiver, PoliceCheck, Referral
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort

ALWAYS = {"name", "source", "received_on"}


class NotReady(Refused):
    """What was previewed can no longer be brought in: the group's list was changed meanwhile."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(_("Nothing was brought in: the group’s list was changed since you looked."))
        self.checked = checked


@transaction.atomic
def bring_in(*, cohort: Cohort, upload: Upload, leave_out: bool, by: User | None) -> int:
    """Makes all of them or, if one cannot be, none. Says how many.

    The group is held, so that of two lists at once the second is compared with the first.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    checked = look_over(cohort=cohort, upload=upload, leave_out=leave_out)
    if not checked.ready:
        raise NotReady(checked)
    _make(cohort, checked.people, by)
    return len(checked.people)


def _make(cohort: Cohort, people: Sequence[Person], by: User | None) -> None:
    """A few queries for a whole list, and as many entries in the audit trail as people."""
    made = Caregiver.objects.bulk_create(Caregiver(**person.details) for person in people)
    pairs = list(zip(made, people, strict=True))
    Referral.objects.bulk_create(
        Referral(caregiver=caregiver, cohort=cohort, source=person.source, received_on=person.received_on)
        for caregiver, person in pairs
    )
    PoliceCheck.objects.bulk_create(
        PoliceCheck(caregiver=caregiver, outcome=person.check[0], on=person.check[1], recorded_by=by)
        for caregiver, person in pairs
        if person.check
    )
    filled = {name for person in people for name, value in person.details.items() if value}
    audit.record_each(by, audit.Verb.CREATED, made, cohort=cohort, fields=filled | ALWAYS)
    checked = [caregiver for caregiver, person in pairs if person.check]
    audit.record_each(by, audit.Verb.CHANGED, checked, cohort=cohort, fields=["outcome", "on"])
