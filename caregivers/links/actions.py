"""A caregiver's own links."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from caregivers.models import (
    Caregiver,
    PersonalLink,
)
from ppg.audit_trail import audit
from ppg.links.codes import digest, new_code
from ppg.models import User
from programmes.models import Cohort

INVITATION_LASTS = timedelta(days=14)
OWN_PAGE_LASTS = timedelta(days=365)


def invite(
    *, caregiver: Caregiver, cohort: Cohort, by: User | None, token: str = "", at: datetime | None = None
) -> str:
    """A personal link to register with, good for 14 days; an earlier one stops working. Returns its token."""
    ends = PersonalLink.Purpose.REGISTER, INVITATION_LASTS
    return _replace_link(caregiver, cohort, *ends, by, token or new_code(), at or timezone.now())


def make_own_page(
    *, caregiver: Caregiver, cohort: Cohort, by: User | None, token: str = "", at: datetime | None = None
) -> str:
    """A new link to their own page; every earlier one stops working. Returns its token."""
    ends = PersonalLink.Purpose.OWN_PAGE, OWN_PAGE_LASTS
    return _replace_link(caregiver, cohort, *ends, by, token or new_code(), at or timezone.now())


@transaction.atomic
def issue(*, caregiver: Caregiver, **fields: Any) -> tuple[PersonalLink, str]:
    """One more link, beside those they have, and its token: nothing for somebody who was erased meanwhile."""
    Caregiver.objects.hold(caregiver.pk)
    return PersonalLink.objects.issue(caregiver=caregiver, **fields)


@transaction.atomic
def _replace_link(
    caregiver: Caregiver, cohort: Cohort, purpose: str, lasts: timedelta, by: User | None, token: str, now: datetime
) -> str:
    Caregiver.objects.hold(caregiver.pk)  # two presses at once: one link lives
    if not PersonalLink.objects.filter(token_hash=digest(token)).exists():
        earlier = PersonalLink.objects.filter(caregiver=caregiver, purpose=purpose)
        if purpose == PersonalLink.Purpose.REGISTER:
            earlier = earlier.filter(cohort=cohort)
        earlier.revoke(now)
        link, token = PersonalLink.objects.issue(
            caregiver=caregiver, cohort=cohort, purpose=purpose, token=token, expires_at=now + lasts
        )
        audit.record(by, audit.Verb.CREATED, link, person=caregiver, cohort=cohort, fields=["purpose"])
    return token
