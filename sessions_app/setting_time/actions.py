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
from sessions_app.models import Adaptation, Session
from sessions_app.planning import actions as planning
from sessions_app.planning import moved
from sessions_app.planning.queries import refuse_if_at_once
from sessions_app.setting_time.queries import Plan, plan, why_not


@transaction.atomic
def set_time(*, slot: Slot, by: User, seen: str = "", effect_key: str = "", at: datetime | None = None) -> None:
    """The group meets at the slot's time from its next session on. `seen` is the plan's, as the page showed it."""
    now = at or timezone.now()

    def do() -> None:
        cohort = planning.lock_cohort(slot.cohort_id)
        list(Session.objects.select_for_update(no_key=True).filter(cohort=cohort).order_by("pk"))
        chosen = Slot.objects.get(pk=slot.pk)
        found = plan(cohort, chosen, now)
        if why := why_not(found):
            raise Refused(why)
        if seen and seen != found.seen:
            raise Refused(_("The dates have changed since you looked. Check the new ones, then press again."))
        move_all(cohort, found, by, now)
        cohort.slots.exclude(pk=chosen.pk).update(chosen_at=None, chosen_by=None)
        cohort.slots.filter(pk=chosen.pk).update(chosen_at=now, chosen_by=by)
        audit.record(by, audit.Verb.CHANGED, chosen, cohort=cohort, fields=["chosen"])

    planning.one_press(effect_key, do)


def move_all(cohort: Cohort, found: Plan, by: User, now: datetime) -> None:
    going = [one for one in found.moves if not one.stays]
    before = {one.session.pk: one.session.starts_at for one in going}
    for one in going:
        one.session.starts_at = one.to
    refuse_if_at_once(cohort, [one.session for one in going])
    Session.objects.bulk_update([one.session for one in going], ["starts_at"])
    why = _("The time that suits the group")
    for one in going:
        kept = {"starts_at": planning.iso(before[one.session.pk])}, {"starts_at": planning.iso(one.to)}
        planning.keep(one.session, Adaptation.Kind.MOVED, kept, why, True, by, now)
        audit.record(by, audit.Verb.CHANGED, one.session, cohort=cohort, fields=["starts_at"])
    if going:
        moved.tell(cohort, now)
