"""Proposing times to a group's people, and what they answer. Setting the time itself is the sessions' business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, How, Place, Slot, SlotAnswer
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort

MOST = 20  # to choose from: more would not be read


@transaction.atomic
def propose(*, cohort: Cohort, weekdays: Iterable[int], starts: Iterable[time], by: User) -> list[Slot]:
    """Each of the days at each of the times. Those that are proposed already stay as they are."""
    held = locked(cohort)
    known = set(held.slots.values_list("weekday", "starts"))
    new = sorted({(int(day), start) for day in weekdays for start in starts} - known)
    if len(known) + len(new) > MOST:
        raise Refused(_("A group can have %(most)s times to choose from. Remove some first.") % {"most": MOST})
    made = [Slot.objects.create(cohort=held, weekday=day, starts=start) for day, start in new]
    for slot in made:
        audit.record(by, audit.Verb.CREATED, slot, cohort=held, fields=["starts", "weekday"])
    return made


@transaction.atomic
def remove(*, slot: Slot, by: User, sure: bool = False) -> None:
    """Takes a time back. What people answered about it goes with it, so that needs saying so (`sure`)."""
    locked(slot.cohort)
    held = Slot.objects.filter(pk=slot.pk).first()
    if held is None:
        return
    if held.chosen_at:
        raise Refused(_("The group meets at this time. Choose another time first."))
    if held.answers.exists() and not sure:
        raise Refused(_("People have answered about this time. Say that you are sure."))
    audit.record(by, audit.Verb.CHANGED, held, cohort=slot.cohort, fields=["removed"])
    held.delete()


class TimeChosen(Refused):
    """The group's time was set before this answer came."""


@transaction.atomic
def answer(
    *,
    cohort: Cohort,
    caregiver: Caregiver,
    answers: Mapping[str, str],
    how: str,
    by: User | None = None,
    at: datetime | None = None,
) -> None:
    """What one person says about the times, by the slots' codes. The latest answer to each stands; sent twice it is the
    same. By their own link it counts until the time is chosen; staff may put it right afterwards too."""
    held, now = locked(cohort), at or timezone.now()
    Caregiver.objects.hold(caregiver.pk)
    slots = {slot.code: slot for slot in held.slots.all()}
    if how == How.ONLINE:
        if any(slot.chosen_at for slot in slots.values()):
            raise TimeChosen(_("The time has been chosen."))
        if declined(held, caregiver):
            raise Refused(_("They have left or declined."))
    values = {"how": how, "at": now, "recorded_by": by}
    known = {slots[code]: can for code, can in answers.items() if code in slots and can in SlotAnswer.Can.values}
    for slot, can in known.items():
        SlotAnswer.objects.update_or_create(slot=slot, caregiver=caregiver, defaults={**values, "can": can})
    if known:
        audit.record(by, audit.Verb.CHANGED, caregiver, person=caregiver, cohort=held, fields=["times"])


def declined(cohort: Cohort, caregiver: Caregiver) -> bool:
    return cohort.place_set.filter(caregiver=caregiver, state=Place.State.LEFT).exists()


def locked(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
