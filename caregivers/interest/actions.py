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
from ppg.access.refusals import Refused

# A poster hangs where anybody can find it: what comes in a day stays what a team can call.
MOST_A_DAY = 40


@transaction.atomic
def express_interest(
    *,
    poster: Poster,
    name: str,
    phone: str,
    email: str,
    safe_ways: Iterable[str],
    safe_when: str,
    at: datetime | None = None,
) -> Caregiver:
    """Somebody saw the poster and would like to hear from us. Refused where it was switched off meanwhile."""
    today = timezone.localdate(at or timezone.now())
    held = Poster.objects.select_for_update().select_related("cohort").get(pk=poster.pk)
    if held.closed_at:
        raise Refused(_("This was switched off while you were writing. Please call us instead."))
    of_today = held.cohort.referrals.filter(source=Referral.Source.INTEREST, received_on=today)
    if of_today.count() >= MOST_A_DAY:
        raise Refused(_("We cannot take more names here today. Please call us, or try again tomorrow."))
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
