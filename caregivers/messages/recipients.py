"""Whom of a group a message is for, by which way it goes, and who is left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Message, MessageCopy, Place, Referral
from caregivers.names import called
from caregivers.safe import Reach, may_ring, people, reach, way_to, why_in_words
from programmes.models import Cohort

Way, Why, About = MessageCopy.Way, MessageCopy.Why, Message.About


@dataclass(frozen=True)
class Recipient:
    """One person of the group and what happens for them when the message is sent."""

    referral: Referral
    name: str  # what they are called, or the whole name where two are called the same
    way: str
    why: str = ""

    @property
    def caregiver(self) -> Caregiver:
        return self.referral.caregiver

    @property
    def says_why(self) -> str:
        return why_in_words(self.caregiver, self.why)

    @property
    def reach(self) -> Reach:
        return reach(self.caregiver)

    @property
    def may_ring(self) -> bool:
        """Their number is shown only where a call is safe, or was never asked about."""
        return bool(self.caregiver.phone) and self.why != Why.LEFT and may_ring(self.caregiver)


def recipients(cohort: Cohort, about: str, *, only_in_group: bool = False) -> list[Recipient]:
    """Everybody the message is for, and those who left: whom it reaches and who is left out. Those who have registered
    already are not asked to register again, so they are not among them."""
    rows = [row for row in people(cohort) if is_for(row, about, only_in_group)]
    names = called(row.caregiver for row in rows)
    found = []
    for row in rows:
        left = row.place_state == Place.State.LEFT  # type: ignore[attr-defined]
        way, why = (Way.NONE, Why.LEFT) if left else way_to(row.caregiver)
        found.append(Recipient(row, names[row.caregiver_id], str(way), str(why)))
    return found


def is_for(referral: Referral, about: str, only_in_group: bool) -> bool:
    state = referral.place_state  # type: ignore[attr-defined]
    if about == About.REGISTER and referral.caregiver.registered_at:
        return False
    return not only_in_group or state in (Place.State.TAKEN, Place.State.LEFT)


def why_not_now(copy: MessageCopy, state: str | None, *, chosen: bool) -> str:
    """Why this copy cannot go (any more), or nothing. `state` is that of the person's place, if they have one;
    `chosen` whether the group's time is."""
    person, message = copy.caregiver, copy.message
    if person.erased_at or state == Place.State.LEFT:
        return _("They have left or declined.")
    if message.about == About.REGISTER and person.registered_at:
        return _("They have registered already.")
    if message.about == About.OFFER and state != Place.State.OFFERED:
        return _("No place is kept for them now.")
    if message.about in (About.OFFER, About.OWN_PAGE) and not person.registered_at:
        return _("They have not registered yet.")
    if message.about == About.TIMES and chosen:
        return _("The time has been chosen already.")
    way, why = way_to(person)
    return "" if way else why_in_words(person, why) + "."


def written(recipients: Iterable[Recipient]) -> list[Recipient]:
    return [one for one in recipients if one.way]


def left_out(recipients: Iterable[Recipient]) -> list[Recipient]:
    return [one for one in recipients if not one.way]
