"""The session that comes next for somebody, and what they do with it at this time of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from ppg.access.permissions import P, can
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session, start_of

CLOSE_FIRST = timedelta(hours=1)  # what has ended is closed before the next one begins, where there is time for it
LEFT_OPEN = timedelta(weeks=4)  # so long a group's own page asks for a session that nobody has closed
NEAR = 10  # so many sessions of one person on one day, or of one group in that time


@dataclass(frozen=True)
class Next:
    """A session, and what is done with it now."""

    session: Session
    now: datetime

    @property
    def is_today(self) -> bool:
        return self.session.day == timezone.localdate(self.now)

    @property
    def begun(self) -> bool:
        return self.session.starts_at <= self.now

    @property
    def over(self) -> bool:
        return self.session.ends_at <= self.now

    @property
    def stage(self) -> str:
        """What the main press is for: prepare it, register and run it, close it."""
        if self.over:
            return "close"
        return "run" if self.begun else "register" if self.is_today else "prepare"


def next_session(user: User, now: datetime, cohort: Cohort | None = None) -> Next | None:
    """Of today and later. One that has ended today is next until it is closed, or another is about to begin. In one
    group it is next as well when it ended some weeks ago. Who closes none is told of what comes."""
    open_ones = Session.objects.visible_to(user).taking_place().filter(closed_at=None)
    since = start_of(timezone.localdate(now))
    if cohort:
        open_ones, since = open_ones.filter(cohort=cohort), since - LEFT_OPEN
    near = list(open_ones.filter(starts_at__gte=since).select_related("cohort").order_by("starts_at", "pk")[:NEAR])
    over = [session for session in near if session.ends_at <= now] if can(user, P.SESSION_RUN) else []
    coming = [session for session in near if session.ends_at > now]
    if over and not (coming and coming[0].starts_at <= now + CLOSE_FIRST):
        return Next(over[-1], now)
    return Next(coming[0], now) if coming else None
