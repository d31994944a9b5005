"""Places in a group: who may have one, who is next, and the sentence that says why not.

The same sentence stands beside the disabled button and in the refusal. Whoever gives or frees a place holds the
cohort's row (`locked`), so that what is counted here is still true when the place is written.

Locks are taken in one order, so that nobody waits for somebody who waits for them: cohorts by key, then caregivers by
key, then the rest. Who is kept apart is read once the person is held (`hold`): marking two people apart holds both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Caregiver, KeptApart, Place, PoliceCheck
from ppg.audit_trail import audit
from programmes.models import Cohort

OFFER_LASTS = timedelta(days=7)
SAY_WHY = gettext_lazy("Somebody else is next on the waiting list. Say why this person goes first.")


@dataclass(frozen=True)
class Places:
    """The places of one cohort at one moment. Rows come from `Place.objects.with_check()`."""

    size: int
    rows: Sequence[Place]
    now: datetime
    apart: Mapping[int, set[int]] = field(default_factory=dict)  # caregiver → whom they are kept apart from

    @classmethod
    def of(cls, cohort: Cohort, now: datetime) -> Places:
        rows = list(cohort.place_set.with_check())
        return cls(cohort.places, rows, now, KeptApart.objects.around(cohort))

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

    def seat_for(self, caregiver_id: int) -> int:
        """The seat that they have, or else the lowest that is free. Whether they may have one is asked before."""
        place = self.of_caregiver(caregiver_id)
        if place and place.seat:
            return place.seat
        used = {row.seat for row in self.rows}
        return next(seat for seat in range(1, self.size + 1) if seat not in used)

    def seat_at_once(self, caregiver_id: int, check: str | None) -> int | None:
        """The seat of somebody who registers now; None where they wait for one, or have a place already."""
        if self.why_not_give(caregiver_id, check, registered=True) or not self.has_room_for(caregiver_id):
            return None
        return self.seat_for(caregiver_id)

    @property
    def waiting(self) -> list[Place]:
        """First come first; whose offer ran out stands where the offer ended."""
        rows = [row for row in self.rows if row.state == Place.State.WAITING or row.ran_out(self.now)]
        return sorted(rows, key=lambda row: (row.offered_until or row.waiting_since or self.now, row.pk))

    @property
    def ready(self) -> list[Place]:
        """Those on the waiting list who could have a place today, in order."""
        clear = PoliceCheck.Outcome.CLEAR
        rows = [row for row in self.waiting if row.registered and row.check_outcome == clear]
        return [row for row in rows if not self.kept_out(row.caregiver_id)]

    @property
    def proposed(self) -> list[Place]:
        """As many of them as there are free places: those staff are asked to give a place to."""
        found: list[Place] = []
        for row in self.ready:
            if len(found) < self.free and not self._apart_from(row.caregiver_id, found):
                found.append(row)
        return found

    def kept_out(self, caregiver_id: int) -> bool:
        """Whether somebody they are kept apart from has a place here."""
        return self._apart_from(caregiver_id, self.held)

    def _apart_from(self, caregiver_id: int, rows: Sequence[Place]) -> bool:
        others = self.apart.get(caregiver_id, set())
        return any(row.caregiver_id in others for row in rows)

    def of_caregiver(self, caregiver_id: int) -> Place | None:
        return next((row for row in self.rows if row.caregiver_id == caregiver_id), None)

    def has_room_for(self, caregiver_id: int) -> bool:
        """Whether a newcomer, or somebody on the list, can have a place without passing anybody who is ready."""
        place, proposed = self.of_caregiver(caregiver_id), self.proposed
        if place in self.held or place in proposed:
            return True
        if place in self.ready or self._apart_from(caregiver_id, proposed):
            return False
        return self.free > len(proposed)

    def why_not_offer(self, caregiver_id: int, check: str | None) -> str:
        """Why no place can be kept for this person, or nothing."""
        if self.of_caregiver(caregiver_id) in self.held:
            return _("They have a place already.")
        return self._why_check(check) or self._why_apart(caregiver_id) or ("" if self.free else self.full())

    def why_not_give(self, caregiver_id: int, check: str | None, registered: bool) -> str:
        """Why this person cannot come into the group now, or nothing."""
        place = self.of_caregiver(caregiver_id)
        if place in self.taken:
            return _("They have a place already.")
        has_seat = bool(self.free) or place in self.held
        if why := self._why_check(check) or self._why_apart(caregiver_id) or ("" if has_seat else self.full()):
            return why
        return "" if registered else _("They have not registered yet.")

    def why_not_size(self, size: int, most: int) -> str:
        """Why the group cannot have this many places, or nothing. `most` is what its programme allows."""
        if size > most:
            return _("This programme has at most %(most)s places in a group.") % {"most": most}
        if size < len(self.held):
            words = {"held": len(self.held), "taken": len(self.taken), "offered": len(self.held) - len(self.taken)}
            return _("%(held)s places are held: %(taken)s taken, %(offered)s offered. There cannot be fewer.") % words
        return "" if size else _("A group has at least one place.")

    @staticmethod
    def _why_check(check: str | None) -> str:
        if check == PoliceCheck.Outcome.CONCERN:
            return _("The police check shows a concern: no place can be given.")
        return "" if check == PoliceCheck.Outcome.CLEAR else _("The police check is not clear yet.")

    def _why_apart(self, caregiver_id: int) -> str:
        """Never says who the other is: the sentence is read by people who may not know that."""
        return _("This person is kept apart from somebody in this group.") if self.kept_out(caregiver_id) else ""

    def goes_first(self, caregiver_id: int) -> bool:
        """Whether giving this person a place passes somebody who is next: then a reason is asked for."""
        return not self.has_room_for(caregiver_id)

    def full(self) -> str:
        taken, offered = len(self.taken), len(self.held) - len(self.taken)
        if offered:
            return _("This group is full: %(taken)s of %(size)s places are taken, %(offered)s offered.") % {
                "taken": taken,
                "size": self.size,
                "offered": offered,
            }
        return _("This group is full: %(taken)s of %(size)s places are taken.") % {"taken": taken, "size": self.size}


def check_of(person: Caregiver) -> str | None:
    """The latest outcome of their police check."""
    return person.checks.order_by("-id").values_list("outcome", flat=True).first()


def locked(cohort: Cohort, now: datetime) -> Places:
    """The cohort's places, held until the transaction ends; offers that ran out are back on the waiting list.

    Take this lock before anything else in the transaction. On SQLite the immediate transaction is the lock.
    """
    held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    for place in held.place_set.run_out(now).select_related("caregiver"):
        place.back_to_waiting(place.offered_until)
        audit.record(None, audit.Verb.CHANGED, place, person=place.caregiver, cohort=held, fields=["state"])
    return Places.of(held, now)


def hold(cohort: Cohort, caregiver: Caregiver, now: datetime) -> tuple[Places, Caregiver]:
    """The cohort's places and the person, both held, so that a check recorded meanwhile waits for us or we for it.

    Who is kept apart is read once more: marks may have been made while we waited for the person.
    """
    seats = locked(cohort, now)
    person = Caregiver.objects.hold(caregiver.pk)
    return replace(seats, apart=KeptApart.objects.around(cohort)), person


def hold_groups(which: Q, now: datetime) -> None:
    """Cohorts before people, by key: the order in which places are given. Offers that ran out are freed by it."""
    for cohort in Cohort.objects.filter(pk__in=Cohort.objects.filter(which).values("pk")).order_by("pk"):
        locked(cohort, now)
