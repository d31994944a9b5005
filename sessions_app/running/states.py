"""Where a session is between being planned and being closed."""

from __future__ import annotations

from sessions_app.models import Session
from sessions_app.running.clock import Phase, replay


def state_of(session: Session) -> Session.State:
    """Two queries, none where items and steps were fetched with it. A break is a part of running."""
    if session.cancelled_at:
        return Session.State.CANCELLED
    if session.closed_at:
        return Session.State.CLOSED
    moments, _taken = replay(session.items.all(), session.steps.all())
    running = {Phase.BEFORE: Session.State.PLANNED, Phase.ENDED: Session.State.ENDED}
    return running.get(moments[-1].phase, Session.State.RUNNING)
