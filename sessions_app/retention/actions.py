"""Removing the details of a group whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Erased
from caregivers.rights import actions as rights
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.retention.queries import Group, group_of, messages_of, people_of


@transaction.atomic
def remove(*, group: Group, seen: int, by: User | None, at: datetime | None = None) -> int:
    """Removes the details of a group whose time is over; says of how many people. `seen` is how many the page
    showed: if others are due by now, nothing goes and the page is to be looked at again."""
    now = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=group.cohort.pk)
    current = group_of(group.cohort.code, timezone.localdate(now))
    if current is None or not current.going:
        return 0  # pressed twice
    if not current.is_due(timezone.localdate(now)):
        raise Refused(_("The time of this group is not over yet."))
    if current.people != seen:
        raise Refused(_("Something has changed since you looked. Look again at what goes."))
    messages_of(current).delete()
    for person in people_of(current).order_by("pk"):
        rights.erase(caregiver=person, by=by, why=Erased.Why.TIME, at=now)
    audit.record(by, audit.Verb.CHANGED, group.cohort, cohort=group.cohort, fields=["retention"])
    return current.people
