"""A person's addresses, and the sessions that are fetched from them."""

from __future__ import annotations

from django.db.models import Count, DateTimeField, Max, Q
from django.db.models.functions import Cast, Coalesce

from ppg.models import User
from sessions_app.calendar import ical
from sessions_app.models import Adaptation, CalendarFeed, Session


def feeds_of(user: User) -> list[CalendarFeed]:
    """The person's latest addresses, the newest first."""
    return list(CalendarFeed.objects.filter(user=user).order_by("-id")[:10])


def meetings(user: User) -> list[ical.Meeting]:
    """Every session of the user's teams as they are now, in one query."""
    dated = Q(adaptations__kind__in=[Adaptation.Kind.MOVED, Adaptation.Kind.CANCELLED])
    rows = (
        Session.objects.visible_to(user)
        .annotate(
            changes=Count("adaptations", filter=dated),
            changed_at=Coalesce(Max("adaptations__at", filter=dated), Cast("cohort__made_on", DateTimeField())),
        )
        .only("code", "starts_at", "minutes", "cancelled_at")
        .order_by("starts_at", "id")
    )
    return [
        ical.Meeting(
            code=row.code,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            cancelled=row.cancelled_at is not None,
            changed_at=row.changed_at,
            changes=row.changes,
        )
        for row in rows
    ]
