"""What a caregiver presses on their own page about the place that is kept for them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver, Place, Referral
from caregivers.places import rules as place_rules
from caregivers.places.actions import leave, take_place
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from programmes.models import Cohort
from programmes.telling.actions import tell

OFFER_OVER = _("This place is not kept for you any more. If you would still like one, tell us.")


@transaction.atomic
def answer_offer(*, cohort: Cohort, caregiver: Caregiver, yes: bool, at: datetime | None = None) -> Place:
    """Takes or declines the place that is kept for them. Pressed twice, or on a page that is old, it neither gives a
    place that nobody offered nor gives up one that they have."""
    now = at or timezone.now()
    place = place_rules.locked(cohort, now).of_caregiver(caregiver.pk)
    if place and place.state == (Place.State.TAKEN if yes else Place.State.LEFT):
        return place  # pressed twice
    if place is None or place.state != Place.State.OFFERED:
        raise Refused(str(OFFER_OVER))
    if yes:
        try:
            answered = take_place(cohort=cohort, caregiver=caregiver, by=None, at=now)
        except Refused:  # its sentence is for staff: it may speak of the police check
            raise Refused(str(OFFER_OVER)) from None
    else:
        answered = leave(cohort=cohort, caregiver=caregiver, by=None, at=now)
    # A place that is free is offered by whoever may; a yes goes on with who has talked to them so far.
    tell(cohort, P.RECRUIT if yes else P.PLACE_GIVE, owner=Referral.objects.owner_of(caregiver, cohort))
    return answered
