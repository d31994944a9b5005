"""A list against the people who are in the group already. Changes nothing."""

from __future__ import annotations

from django.utils import timezone

from caregivers.importing.rows import Checked, Known, check, known
from caregivers.importing.upload import Upload
from caregivers.models import Caregiver
from programmes.models import Cohort


def look_over(*, cohort: Cohort, upload: Upload, leave_out: bool) -> Checked:
    """Every row of the list against itself and against the people of the group. Changes nothing."""
    return check(
        headings=upload.sheet.headings,
        rows=upload.sheet.rows,
        matched=upload.matched,
        defaults=upload.defaults,
        already=already_in(cohort),
        today=timezone.localdate(),
        leave_out=leave_out,
    )


def already_in(cohort: Cohort) -> list[Known]:
    people = Caregiver.objects.filter(referrals__cohort=cohort, erased_at=None).only("name", "phone", "email")
    return [known(person.name, person.phone, person.email) for person in people]
