"""The session that comes next for somebody, and what they do with it at this time of day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from ppg.access.permissions import P, can
from ppg.models import User
from sessions_app.models import Session, SessionStep, start_of

CLOSE_FIRST = timedelta(hours=1)  # what has ended is closed before the next one begins, where there is time for it
LEFT_OPEN = timedelta(weeks=4)  # so long a group's own page asks for a session that nobody has closed
NEAR = 10  # so many sessions of one person on one day


RUN = set(SessionStep.Kind) - {SessionStep.Kind.UNDO}  # what was undone may never have begun


def with_last_step(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with the kind of its last step, where it was run: after the end there is none but its undoing."""
    steps = SessionStep.objects.filter(session=OuterRef("pk")).order_by("-id")
    return sessions.annotate(last_step=Subquery(steps.values("kind")[:1]))


@dataclass(frozen=True)
class Next:
    """A session, and what is done with it now: by the time of day, or by how far it was run already."""

    session: Any  # from `with_last_step`
    now: datetime

    @property
    def is_today(self) -> bool:
        return self.session.day == timezone.localdate(self.now)

    @property
    def begun(self) -> bool:
        return self.session.starts_at <= self.now or self.session.last_step in RUN

    @property
    def over(self) -> bool:
        return self.session.ends_at <= self.now or self.session.last_step == SessionStep.Kind.END

    @property
    def stage(self) -> str:
        """What the main press is for: prepare it, register and run it, close it."""
        if self.over:
            return "close"
        return "run" if self.begun else "register" if self.is_today else "prepare"


def next_session(user: User, now: datetime) -> Next | None:
    """Of today and later. One that has ended today is next until it is closed, or another is about to begin. Who closes
    none is told of what comes."""
    open_ones = Session.objects.visible_to(user).taking_place().filter(closed_at=None)
    since = start_of(timezone.localdate(now))
    near = with_last_step(open_ones.filter(starts_at__gte=since)).select_related("cohort").order_by("starts_at", "pk")
    return first_of(list(near[:NEAR]), user, now)


def first_of(near: Sequence[Session], user: User, now: datetime) -> Next | None:
    """The one of these open sessions, in the order of their days."""
    every = [Next(session, now) for session in near]
    over = [one for one in every if one.over] if can(user, P.SESSION_RUN) else []
    coming = [one for one in every if not one.over]
    if over and not (coming and coming[0].session.starts_at <= now + CLOSE_FIRST):
        return over[-1]
    return coming[0] if coming else None


def next_of_group(sessions: Sequence[Session], user: User, now: datetime) -> Next | None:
    """Among all sessions of one group, in the order of their days: there one that nobody has closed is next for some
    weeks still."""
    if not can(user, P.SESSION_SEE):
        return None
    since = now - LEFT_OPEN
    near = [one for one in sessions if not one.closed_at and not one.cancelled_at and one.starts_at >= since]
    return first_of(near, user, now)
