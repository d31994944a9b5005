"""Who was there, and what is written down of the minutes after."""

from __future__ import annotations

from dataclasses import dataclass

from caregivers.models import FollowUp, FollowUpQuerySet, Place
from sessions_app.models import Session
from sessions_app.register import rows as register


@dataclass(frozen=True)
class Attendee:
    """Somebody who was there, and what is written down of the minutes after."""

    place: Place
    called: str
    talk: FollowUp | None

    @property
    def outcome(self) -> str:
        return self.talk.outcome if self.talk else ""


def read(session: Session) -> list[Attendee]:
    """Everybody who was there; also who has a talk written down although the register says otherwise by now."""
    known = {talk.caregiver_id: talk for talk in talks(session)}
    people = register.rows(list(session.on_register()), session.marks.all(), session.day)
    return [
        Attendee(person.place, person.called, known.get(person.place.caregiver_id))
        for person in people
        if person.is_here or person.place.caregiver_id in known
    ]


def talks(session: Session) -> FollowUpQuerySet:
    """The talks after this session, one for each person at most."""
    return FollowUp.objects.filter(
        cohort=session.cohort_id, session_number=session.number, kind=FollowUp.Kind.AFTER
    ).select_related("caregiver", "cohort", "recorded_by")
