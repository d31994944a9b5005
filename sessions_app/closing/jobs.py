"""What a group that has finished leaves on the list of follow-ups."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp
from sessions_app.models import Session, start_of


def end_catch_ups(now: datetime) -> int:
    """Catch-ups that nobody did and whose day is past, in groups that meet no more: there is nothing left to catch up
    for. How many. By the worker, at night. Calls stay, since somebody wanted to be called."""
    today = timezone.localdate(now)
    to_come = Session.objects.filter(cohort=OuterRef("cohort"), starts_at__gte=start_of(today)).taking_place()
    held = Session.objects.filter(cohort=OuterRef("cohort"))
    catch_ups = FollowUp.objects.filter(
        Exists(held),
        ~Exists(to_come),
        kind=FollowUp.Kind.CATCH_UP,
        reason=FollowUp.Reason.MISSED,
        done_at=None,
        due_on__lt=today,
    )
    over = list(catch_ups.select_related("caregiver", "cohort"))
    follow_ups.drop(follow_ups=over, by=None)
    return len(over)
