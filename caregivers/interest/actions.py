"""Somebody saw the poster and would like to hear from us."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import (
    Caregiver,
    Poster,
    Referral,
)
from caregivers.referrals.actions import refer
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from programmes.telling.actions import tell

# A poster hangs where anybody can find it: what comes in a day stays what a team can call. In a flood, that is what
# several networks send beyond a few each, these few still come in: whoever floods does not shut the poster to others.
MOST_A_DAY = 40
MOST_FROM_ONE = 20  # network: an open day's wifi is one for everybody in the room
A_FEW = 3
MOST_IN_A_FLOOD = 200


@transaction.atomic
def express_interest(
    *,
    poster: Poster,
    name: str,
    phone: str,
    email: str,
    safe_ways: Iterable[str],
    safe_when: str,
    from_here: int,
    at: datetime | None = None,
) -> Caregiver:
    """Somebody saw the poster and would like to hear from us. Refused where it was switched off meanwhile.

    `from_here`: the how-many-th it is today from its network. Who is not taken is told so, and whom to call: nobody
    waits for a call that never comes.
    """
    today = timezone.localdate(at or timezone.now())
    held = Poster.objects.select_for_update().select_related("cohort").get(pk=poster.pk)
    if held.closed_at:
        raise Refused(_("This was switched off while you were writing. Please call us instead."))
    of_today = held.cohort.referrals.filter(source=Referral.Source.INTEREST, received_on=today)
    if from_here > MOST_FROM_ONE or of_today.count() >= (MOST_IN_A_FLOOD if from_here <= A_FEW else MOST_A_DAY):
        raise Refused(_("We cannot take more names here today. Please call us, or try again tomorrow."))
    tell(held.cohort, P.RECRUIT)
    return refer(
        cohort=held.cohort,
        name=name,
        source=Referral.Source.INTEREST,
        received_on=today,
        by=None,
        phone=phone,
        email=email,
        safe_ways=safe_ways,
        safe_when=safe_when,
    )
