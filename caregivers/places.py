"""Places in a group: who may have one, who is next, and the sentence that says why not.

The same sentence stands beside the disabled button and in the refusal. Whoever gives or frees a place holds the
cohort's row (`locked`), so that what is counted here is still true when the place is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Place, PoliceCheck
from programmes.models import Cohort

OFFER_LASTS = timedelta(days=7)
SAY_WHY = gettext_lazy("Somebody else is next on the waiting list. Say why this person goes first.")


@dataclass(frozen=True)
class Places:
    """The places of one cohort at one moment. Rows come from `Place.objects.with_check()`."""

    size: int
    rows: Sequence[Place]
    now: datetime

    @classmethod
    def of(cls, cohort: Cohort, now: datetime) -> Places:
        return cls(cohort.places, list(cohort.place_set.with_check()), now)

    @property
    def taken(self) -> list[Place]:
        return [row for row in self.rows if row.state == Place.State.TAKEN]

    @property
    def held(self) -> list[Place]:
        """Taken, or offered and not run out."""
        return [row for row in self.rows if row.holds_a_seat(self.now)]

    @property
    def free(self) -> int:
        return max(0, self.size - len(self.held))

    @property
    def lowest_free_seat(self) -> int:
        used = {row.seat for row in self.rows}
        return next(seat for seat in range(1, self.size + 1) if seat not in used)

    @property
    def waiting(self) -> list[Place]:
        """First come first; whose offer ran out stands where the offer ended."""
        rows = [row for row in self.rows if row.state == Place.State.WAITING or row.ran_out(self.now)]
        return sorted(rows, key=lambda row: (row.waiting_since or row.offered_until or self.now, row.pk))

    @property
    def ready(self) -> list[Place]:
        """Those on the waiting list who could have a place today, in order."""
        return [row for row in self.waiting if row.registered and row.check_outcome == PoliceCheck.Outcome.CLEAR]

    @property
    def proposed(self) -> list[Place]:
        """As many of them as there are free places: those staff are asked to give a place to."""
        return self.ready[: self.free]

    def of_caregiver(self, caregiver_id: int) -> Place | None:
        return next((row for row in self.rows if row.caregiver_id == caregiver_id), None)

    def has_room_for(self, place: Place | None) -> bool:
        """Whether a newcomer, or somebody on the list, can have a place without passing anybody who is ready."""
        if place in self.held:
            return True
        ready = self.ready
        ahead = ready.index(place) if place in ready else len(ready)
        return self.free > ahead

    def why_not_offer(self, place: Place | None, check: str | None) -> str:
        """Why no place can be kept for this person, or nothing."""
        if place in self.held:
            return _("They have a place already.")
        return self._why_check(check) or ("" if self.free else self.full())

    def why_not_give(self, place: Place | None, check: str | None, registered: bool) -> str:
        """Why this person cannot come into the group now, or nothing."""
        if place in self.taken:
            return _("They have a place already.")
        has_seat = bool(self.free) or place in self.held
        if why := self._why_check(check) or ("" if has_seat else self.full()):
            return why
        return "" if registered else _("They have not registered yet.")

    @staticmethod
    def _why_check(check: str | None) -> str:
        if check == PoliceCheck.Outcome.CONCERN:
            return _("The police check shows a concern: no place can be given.")
        return "" if check == PoliceCheck.Outcome.CLEAR else _("The police check is not clear yet.")

    def goes_first(self, place: Place | None) -> bool:
        """Whether giving this person a place passes somebody who is next: then a reason is asked for."""
        return not self.has_room_for(place)

    def full(self) -> str:
        taken, offered = len(self.taken), len(self.held) - len(self.taken)
        if offered:
            return _("This group is full: %(taken)s of %(size)s places are taken, %(offered)s offered.") % {
                "taken": taken,
                "size": self.size,
                "offered": offered,
            }
        return _("This group is full: %(taken)s of %(size)s places are taken.") % {"taken": taken, "size": self.size}


def locked(cohort: Cohort, now: datetime) -> Places:
    """The cohort's places, held until the transaction ends; offers that ran out are back on the waiting list.

    Take this lock before anything else in the transaction. On SQLite the immediate transaction is the lock.
    """
    held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    held.place_set.filter(state=Place.State.OFFERED, offered_until__lte=now).update(
        state=Place.State.WAITING, seat=None, waiting_since=F("offered_until"), offered_until=None
    )
    return Places.of(held, now)
