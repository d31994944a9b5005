"""Who of a group may be written to, by which way, and why not.

The one place that decides it: what somebody said is safe is read here before anything is shown as "will be sent", and
once more in the moment of sending.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from caregivers.follow_ups import Reach, called, reach
from caregivers.models import Caregiver, Message, MessageCopy, Place, Referral, SafeWay
from programmes.models import Cohort

Way, Why, About = MessageCopy.Way, MessageCopy.Why, Message.About

NEEDED = ("code", "name", "liked_name", "phone", "email", "safe_ways", "safe_when", "registered_at")


def people(cohort: Cohort) -> QuerySet[Referral]:
    """Everybody referred to the group and not erased, with `place_state` (or None); one query."""
    state = Place.objects.filter(caregiver=OuterRef("caregiver"), cohort=OuterRef("cohort")).values("state")[:1]
    return (
        cohort.referrals.filter(caregiver__erased_at=None)
        .select_related("caregiver")
        .annotate(place_state=Subquery(state))
        .only("code", "cohort_id", *(f"caregiver__{name}" for name in NEEDED))
        .order_by("id")
    )


def counted(cohort: Cohort) -> QuerySet[Referral]:
    """Those of them who have not declined or left."""
    return people(cohort).filter(Q(place_state=None) | ~Q(place_state=Place.State.LEFT))


def way_to(caregiver: Caregiver) -> tuple[str, str]:
    """How to write to somebody, and where there is no way the reason. E-mail goes before a text: it costs nothing
    and holds more, and both were said to be safe."""
    safe = set(caregiver.safe_ways)
    if SafeWay.EMAIL in safe and caregiver.email:
        return Way.EMAIL, ""
    if SafeWay.TEXT in safe and caregiver.phone:
        return Way.TEXT, ""
    return Way.NONE, Why.NO_ADDRESS if safe & {SafeWay.EMAIL, SafeWay.TEXT} else Why.NOT_SAFE


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


def may_ring(caregiver: Caregiver) -> bool:
    return SafeWay.CALL in caregiver.safe_ways or not reach(caregiver).asked


def why_in_words(caregiver: Caregiver, why: str) -> str:
    if why == Why.LEFT:
        return _("Left or declined")
    if why == Why.NO_ADDRESS:
        return _("We have no address or number for the way that is safe")
    if why == Why.NOT_SAFE:
        return _("E-mail and text are not safe") if reach(caregiver).asked else _("Not asked yet what is safe")
    return ""


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
    if message.about == About.TIMES and chosen:
        return _("The time has been chosen already.")
    way, why = way_to(person)
    return "" if way else why_in_words(person, why) + "."


def written(found: Iterable[Recipient]) -> list[Recipient]:
    return [one for one in found if one.way]


def left_out(found: Iterable[Recipient]) -> list[Recipient]:
    return [one for one in found if not one.way]
