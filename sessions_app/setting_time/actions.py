"""Setting a group's time to the one that was chosen: the sessions still ahead move to that weekday and time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Slot
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.bookings import stands_for
from sessions_app.models import Adaptation, Session
from sessions_app.planning import actions as planning
from sessions_app.planning import after_dates_change
from sessions_app.planning.queries import refuse_if_at_once
from sessions_app.setting_time.queries import Plan, clashes, plan, why_not


@transaction.atomic
def set_time(
    *,
    slot: Slot,
    by: User,
    seen: str = "",
    despite: str | None = None,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """The group meets at the slot's time from its next session on. `seen` is the plan's, as the page showed it, and
    `despite` what it said of other groups that need the same then."""
    now = at or timezone.now()

    def do() -> None:
        cohort = planning.lock_cohort(slot.cohort_id)
        list(Session.objects.select_for_update(no_key=True).filter(cohort=cohort).order_by("pk"))
        chosen = Slot.objects.get(pk=slot.pk)
        current_plan = plan(cohort, chosen, now)
        if why := why_not(current_plan):
            raise Refused(why)
        if seen and seen != current_plan.seen:
            raise Refused(_("The dates have changed since you looked. Check the new ones, then press again."))
        if despite is not None and (booked := clashes(cohort, current_plan, by)) and stands_for(booked) != despite:
            raise Refused(_("Another group needs the same venue or people at that time. Look below, then press again."))
        move_all(cohort, current_plan, by, now)
        cohort.slots.exclude(pk=chosen.pk).update(chosen_at=None, chosen_by=None)
        cohort.slots.filter(pk=chosen.pk).update(chosen_at=now, chosen_by=by)
        audit.record(by, audit.Verb.CHANGED, chosen, cohort=cohort, fields=["chosen"])

    planning.one_press(effect_key, do, by=by, of=f"time {slot.code}")


def move_all(cohort: Cohort, plan: Plan, by: User, now: datetime) -> None:
    going = [move for move in plan.moves if not move.stays]
    before = {move.session.pk: move.session.starts_at for move in going}
    for move in going:
        move.session.starts_at = move.to
    refuse_if_at_once(cohort, [move.session for move in going])
    Session.objects.bulk_update([move.session for move in going], ["starts_at"])
    why = _("The time that suits the group")
    for move in going:
        kept = {"starts_at": planning.iso(before[move.session.pk])}, {"starts_at": planning.iso(move.to)}
        planning.keep(move.session, Adaptation.Kind.MOVED, kept, why, True, by, now)
        audit.record(by, audit.Verb.CHANGED, move.session, cohort=cohort, fields=["starts_at"])
    if going:
        after_dates_change.tell(cohort, now)
