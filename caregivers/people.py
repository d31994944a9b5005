"""The people of a group: where each one is on the way to a place, and what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Caregiver, PersonalLink, Place, PoliceCheck, Referral
from caregivers.places import Places
from programmes.models import Cohort

CHECK_WORDS = {
    None: gettext_lazy("No check yet"),
    "asked": gettext_lazy("Check asked"),
    "clear": gettext_lazy("Check clear"),
    "concern": gettext_lazy("Check: concern"),
}
CHECK_COLOURS = {None: "grey", "asked": "blue", "clear": "green", "concern": "red"}


@dataclass(frozen=True)
class Person:
    """One person of a group, as the board shows them."""

    referral: Referral
    place: Place | None
    seats: Places
    label: str = ""  # what they are called, or the whole name where two are called the same

    @property
    def caregiver(self) -> Caregiver:
        return self.referral.caregiver

    @property
    def check(self) -> str | None:
        return self.referral.check_outcome  # type: ignore[attr-defined]

    @property
    def check_label(self) -> str:
        return str(CHECK_WORDS[self.check])

    @property
    def check_colour(self) -> str:
        return CHECK_COLOURS[self.check]

    @property
    def registered(self) -> bool:
        return self.caregiver.registered_at is not None

    @property
    def where(self) -> str:
        """The board's section: taken, offered, waiting, referred or left."""
        if self.place is None:
            return "referred"
        return "waiting" if self.place.ran_out(self.seats.now) else self.place.state

    @property
    def proposed(self) -> bool:
        """A place is free, and this person is the next to have it."""
        return self.place in self.seats.proposed

    @property
    def why_not_give(self) -> str:
        return self.seats.why_not_give(self.caregiver.pk, self.check, self.registered)

    @property
    def why_not_offer(self) -> str:
        return self.seats.why_not_offer(self.caregiver.pk, self.check)

    @property
    def passes_somebody(self) -> bool:
        return self.seats.goes_first(self.caregiver.pk)

    @property
    def next_step(self) -> str:
        """One sentence: what has to happen next for this person, or nothing."""
        if self.where == Place.State.LEFT:
            return ""
        if self.where == Place.State.TAKEN:
            return self._next_in_the_group()
        if self.check == PoliceCheck.Outcome.CONCERN:
            return _("The police check shows a concern. Talk to your safeguarding lead.")
        if self.check is None:
            return _("Ask for the police check.")
        if not self.registered:
            return self._next_before_registering()
        if self.check == PoliceCheck.Outcome.ASKED:
            return _("Waiting for the police check.")
        if self.where == Place.State.OFFERED:
            return _("The place is theirs to take.")
        if self.proposed:
            return _("A place is free and they are next.")
        return _("Waiting for a free place.")

    def _next_in_the_group(self) -> str:
        """A place that is taken stays when the check is not clear any more: what happens is decided by people."""
        if self.check == PoliceCheck.Outcome.CONCERN:
            why = _("The police check shows a concern.")
        elif self.check == PoliceCheck.Outcome.ASKED:
            why = _("The police check was asked for again and is not clear.")
        else:
            return "" if self.check else _("The police check is missing.")
        return why + " " + _("Talk to your safeguarding lead before the next session.")

    def _next_before_registering(self) -> str:
        ends = self.referral.link_ends  # type: ignore[attr-defined]
        if self.where == Place.State.OFFERED and self.place and self.place.offered_until:
            kept = _("A place is kept for them until %(day)s.") % {"day": day(self.place.offered_until)}
            return kept if ends else kept + " " + _("Send the registration link.")
        if ends:
            return _("They can register by their link until %(day)s.") % {"day": day(ends)}
        return _("Send the registration link, or register them on the phone.")


def day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "j F")


@dataclass(frozen=True)
class Board:
    """Everybody of a group, by where they are."""

    cohort: Cohort
    seats: Places
    people: Sequence[Person]

    def at(self, where: str) -> list[Person]:
        return [person for person in self.people if person.where == where]

    @property
    def taken(self) -> list[Person]:
        return self.at(Place.State.TAKEN)

    @property
    def offered(self) -> list[Person]:
        return self.at(Place.State.OFFERED)

    @property
    def waiting(self) -> list[Person]:
        """In the order of the list."""
        order = {place.pk: number for number, place in enumerate(self.seats.waiting)}
        return sorted(self.at(Place.State.WAITING), key=lambda person: order[person.place.pk])  # type: ignore[union-attr]

    @property
    def referred(self) -> list[Person]:
        return self.at("referred")

    @property
    def left(self) -> list[Person]:
        return self.at(Place.State.LEFT)

    @property
    def proposed(self) -> list[Person]:
        return [person for person in self.waiting if person.proposed]


def board(cohort: Cohort, now: datetime) -> Board:
    """Two queries, however many people: the referrals with what is known of each, and the places."""
    seats = Places.of(cohort, now)
    rows = list(referrals_of(cohort, now))
    called = Counter(row.caregiver.called.lower() for row in rows)
    return Board(cohort, seats, [_person(row, seats, called[row.caregiver.called.lower()] > 1) for row in rows])


def person(referral: Referral, now: datetime) -> Person:
    """One person, with the group's places around them."""
    row = referrals_of(referral.cohort, now).get(pk=referral.pk)
    return _person(row, Places.of(referral.cohort, now))


def _person(referral: Referral, seats: Places, namesake: bool = False) -> Person:
    who = referral.caregiver
    return Person(referral, seats.of_caregiver(who.pk), seats, who.name if namesake else who.called)


def referrals_of(cohort: Cohort, now: datetime) -> QuerySet[Referral]:
    """Referrals with `check_outcome` and `link_ends` (of a live registration link); names only are decrypted."""
    checks = PoliceCheck.objects.filter(caregiver=OuterRef("caregiver")).order_by("-id").values("outcome")[:1]
    links = (
        PersonalLink.objects.live(now)
        .filter(caregiver=OuterRef("caregiver"), cohort=cohort, purpose=PersonalLink.Purpose.REGISTER)
        .order_by("-expires_at")
        .values("expires_at")[:1]
    )
    return (
        cohort.referrals.select_related("caregiver")
        .annotate(check_outcome=Subquery(checks), link_ends=Subquery(links))
        .only("code", "cohort_id", "source", "received_on", *(f"caregiver__{name}" for name in SHOWN))
        .order_by("id")
    )


SHOWN = ("code", "name", "liked_name", "safe_ways", "safe_when", "registered_at")
