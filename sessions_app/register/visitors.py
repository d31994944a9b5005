"""Who stands at the door and is not in the group: whether they may join now, and what to do where they may not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from caregivers.models import PoliceCheck
from caregivers.people.queries import Person


@dataclass(frozen=True)
class Visitor:
    """Somebody known to this group who is not in it."""

    person: Person
    may_override: bool

    @property
    def why_not(self) -> str:
        """Why they cannot join now, or nothing."""
        if why := self.person.why_not_give:
            return why
        if self.person.passes_somebody and not self.may_override:
            return _("Others are before them on the waiting list. Only the programme lead can change the order.")
        return ""

    @property
    def only_registering_is_missing(self) -> bool:
        person = self.person
        return not person.registered and not person.seats.why_not_give(person.caregiver.pk, person.check, True)

    @property
    def to_do(self) -> str:
        """What to do about somebody who stands at the door and cannot join."""
        if self.person.check == PoliceCheck.Outcome.CONCERN:
            return _("Talk to them on their own, without giving a reason, and call the programme lead before they go.")
        if self.person.check != PoliceCheck.Outcome.CLEAR:
            return _(
                "Thank them for coming and offer a talk after the session. Ask the programme lead about the check."
            )
        if self.only_registering_is_missing:
            return _("Register them now, together with them. After that they can join.")
        return _("Thank them for coming and offer a talk after the session. The programme lead will call them.")
