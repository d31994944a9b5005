"""A caregiver's own links."""

from __future__ import annotations

from datetime import datetime, timedelta

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


class LinkEnded(Exception):
    """The link was used, revoked or ran out between opening the page and sending it."""


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
def _replace_link(
    caregiver: Caregiver, cohort: Cohort, purpose: str, lasts: timedelta, by: User | None, token: str, now: datetime
) -> str:
    Caregiver.objects.select_for_update().get(pk=caregiver.pk)  # two presses at once: one link lives
    if not PersonalLink.objects.filter(token_hash=digest(token)).exists():
        earlier = PersonalLink.objects.live(now).filter(caregiver=caregiver, purpose=purpose)
        if purpose == PersonalLink.Purpose.REGISTER:
            earlier = earlier.filter(cohort=cohort)
        earlier.update(revoked_at=now)
        link = new_link(caregiver, cohort, purpose, token, now + lasts)
        audit.record(by, audit.Verb.CREATED, link, person=caregiver, cohort=cohort, fields=["purpose"])
    return token


def end_invitations(caregiver: Caregiver, cohort: Cohort, now: datetime) -> None:
    links = PersonalLink.objects.live(now).filter(caregiver=caregiver, cohort=cohort)
    links.filter(purpose=PersonalLink.Purpose.REGISTER).update(revoked_at=now)


def new_link(caregiver: Caregiver, cohort: Cohort, purpose: str, token: str, ends: datetime) -> PersonalLink:
    return PersonalLink.objects.create(
        caregiver=caregiver, cohort=cohort, purpose=purpose, token_hash=digest(token), expires_at=ends
    )
