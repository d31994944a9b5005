"""Two people count the slips that were left over, each without seeing what the other typed."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import Manager
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.asking.actions import locked, show_if_enough
from feedback.models import Form, SlipSheet
from feedback.slips.adding_up import Slips
from feedback.slips.queries import is_ticked, people_here, sheet_of, with_slip
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User


class Counted(Enum):
    """What one count came to."""

    ONCE = "once"  # a second person is still to count
    DIFFERENT = "different"  # both count once more
    AGREED = "agreed"


def why_not(form: Form, sheet: SlipSheet | None) -> str:
    """Why the slips of this form cannot be counted now, or nothing."""
    if not form.closed_at:
        return _("The slips are counted when the form has closed. Until then people may still use theirs.")
    if form.counted_at or form.opened_with_id:
        return _("The slips of this form have been counted.")
    if sheet is None:
        return _("No slips were printed for this form, so there is nothing to count.")
    if not is_ticked(form):
        return _("Tick the register of this session first. What you count is held against it.")
    return ""


def differ(counts: Manager[Any]) -> bool:
    """Whether two have counted and their numbers are not the same."""
    return len(set(counts.values_list("left", "people"))) > 1


def noted(counts: Manager[Any], *, left: int, people: int, by: User) -> Counted:
    """One person's numbers beside those that are there. Two that differ stay until somebody counts again, so that both
    are told.

    For a transaction that has locked the group.
    """
    if differ(counts):
        counts.all().delete()
    counts.update_or_create(by=by, defaults={"left": left, "people": people})
    if counts.count() < 2:
        return Counted.ONCE
    return Counted.DIFFERENT if differ(counts) else Counted.AGREED


@transaction.atomic
def count(*, form: Form, left: int, people: int, by: User, at: datetime | None = None) -> Counted:
    """What one person counted: slips that are left, and people who were in the room without the team.

    Until a second person has counted it may be put right. Where the two differ both count once more; the numbers that
    differed stay until then, so that slips that were left over stay void and both are told. Where they agree it is
    final, and the box is opened if enough slips were used. Who counted is in the trail, what they counted is not.
    """
    cohort = locked(form.cohort_id)
    form = Form.objects.select_for_update().get(pk=form.pk)
    sheet = sheet_of(form)
    if why := why_not(form, sheet):
        raise Refused(why)
    assert sheet is not None  # noqa: S101  why_not has asked
    if left > sheet.made:
        raise Refused(_("There were %(n)s slips, so no more can be left.") % {"n": sheet.made})
    if sheet.adds_up is None:
        sheet.adds_up = False
        sheet.save(update_fields=["adds_up"])
    came_to = noted(sheet.counts, left=left, people=people, by=by)
    audit.record(by, audit.Verb.CHANGED, sheet, cohort=cohort, fields=["count"])
    if came_to != Counted.AGREED:
        return came_to
    slips = Slips(made=sheet.made, left=left, people=people, here=people_here(form))
    sheet.left, sheet.people, sheet.adds_up = left, people, slips.add_up(with_slip(form))
    sheet.save(update_fields=["left", "people", "adds_up"])
    form.counted_at = at or timezone.now()
    form.save(update_fields=["counted_at"])
    show_if_enough(form)
    return Counted.AGREED
