"""When what is known by its day alone was recorded: the audit trail has the moment, and who did it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from caregivers.models import Caregiver, FollowUp, Place, PoliceCheck, Referral
from ppg.audit_trail import audit
from ppg.models import AuditEntry

CHECK = PoliceCheck._meta.model_name
PERSON = Caregiver._meta.model_name


class Recorded:
    """The entries about one person, read once. Nothing where none fits, as of what is older than the trail."""

    def __init__(self, caregiver: Caregiver) -> None:
        self.entries = list(audit.written_about(caregiver, of=(Referral, Place, FollowUp, PoliceCheck, Caregiver)))

    def referral(self, referral: Referral) -> datetime | None:
        """One that came in a list has the entry of its person."""
        return self._first(referral) or next(
            (one.at for one in self.entries if self._is_new(one) and one.cohort == referral.cohort.code), None
        )

    def contacted(self, referral: Referral) -> datetime | None:
        return self._first(referral, "contacted_on")

    def offered(self, follow_up: FollowUp) -> datetime | None:
        return self._first(follow_up)

    def taken(self, place: Place) -> datetime | None:
        """The last move of its day, as an offer may have come before it; but for leaving, if that was on the same."""
        moves = self._moves(place, place.taken_on)
        return moves[-2] if place.left_on == place.taken_on and len(moves) > 1 else moves[-1] if moves else None

    def left(self, place: Place) -> datetime | None:
        return max(self._moves(place, place.left_on), default=None)

    def checks(self, rows: list[PoliceCheck]) -> list[datetime | None]:
        """Of each check, in the order of their rows. They have no codes, so each has the entry of its turn."""
        moments = [one.at for one in self.entries if one.what in (CHECK, PERSON) and "outcome" in one.fields]
        return list(moments) if len(moments) == len(rows) else [None] * len(rows)

    def _first(self, thing: Any, field: str = "") -> datetime | None:
        entries = (one for one in self.entries if one.ref == thing.code and (not field or field in one.fields))
        return next((one.at for one in entries), None)

    def _moves(self, place: Place, day: date | None) -> list[datetime]:
        return [one.at for one in self.entries if one.ref == place.code and timezone.localdate(one.at) == day]

    @staticmethod
    def _is_new(entry: AuditEntry) -> bool:
        return entry.what == PERSON and entry.verb == AuditEntry.Verb.CREATED
