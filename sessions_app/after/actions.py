"""The minutes after a session: offered to everybody who was there, and who stayed to talk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import Caregiver, FollowUp
from ppg.models import User
from sessions_app.after.queries import talks
from sessions_app.models import Session

Outcome = FollowUp.Outcome


@transaction.atomic
def record_talk(
    *, session: Session, caregiver: Caregiver, outcome: str, by: User, at: datetime | None = None
) -> FollowUp | None:
    """Stayed to talk, or not today. Without an outcome what was pressed is undone. What it says already stays so,
    and minutes or a next step that were written down since are kept."""
    if not outcome:
        talk = talks(session).filter(caregiver=caregiver).first()
        if talk:
            follow_ups.take_back(follow_up=talk, by=by)
        return None
    talk = offered(session, caregiver, by, at)
    return follow_ups.record_outcome(
        follow_up=talk,
        outcome=outcome,
        minutes=talk.minutes if outcome == Outcome.TAKEN else None,
        next_step=talk.next_step,
        by=by,
        correcting=True,
        at=at,
    )


@transaction.atomic
def nobody_else(
    *, session: Session, caregivers: Iterable[Caregiver], by: User, at: datetime | None = None
) -> list[FollowUp]:
    """Everybody was offered the time and of these nobody took it; who was written down already stays as they are."""
    known = set(talks(session).exclude(outcome="").values_list("caregiver", flat=True))
    return [
        follow_ups.record_outcome(
            follow_up=offered(session, caregiver, by, at), outcome=Outcome.NOT_WANTED, by=by, correcting=True, at=at
        )
        for caregiver in caregivers
        if caregiver.pk not in known
    ]


def offered(session: Session, caregiver: Caregiver, by: User, at: datetime | None) -> FollowUp:
    return follow_ups.offer(
        caregiver=caregiver,
        cohort=session.cohort,
        kind=FollowUp.Kind.AFTER,
        session_number=session.number,
        by=by,
        at=at,
    )
