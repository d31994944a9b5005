"""People on their way into a group."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from caregivers.models import Caregiver, Place
from caregivers.police_checks import actions as police_checks
from caregivers.referrals import actions as referrals
from caregivers.registering import actions as registering
from ppg.models import User
from programmes.models import Cohort

ANSWERS: dict[str, Any] = {"name": "Rosa Marsh", "safe_ways": [], "emergency_contacts": []}


@pytest.fixture
def refer(cohort: Cohort, lead: User) -> Callable[..., Caregiver]:
    """`refer("Rosa Marsh")`: somebody referred to the cohort, with a clear check unless said otherwise."""

    def make(name: str = "Rosa Marsh", check: str | None = "clear", group: Cohort = cohort, **fields: str) -> Caregiver:
        person = referrals.refer(
            cohort=group, name=name, source="caseload", received_on=date(2026, 3, 2), by=lead, **fields
        )
        if check:
            police_checks.record_check(caregiver=person, outcome=check, on=date(2026, 3, 4), by=lead)
        return person

    return make


@pytest.fixture
def register(cohort: Cohort, refer: Callable[..., Caregiver], lead: User) -> Callable[..., Place]:
    """`register("Rosa Marsh")`: referred and registered; the place that came of it."""

    def make(name: str = "Rosa Marsh", check: str | None = "clear", consents: tuple[str, ...] = ()) -> Place:
        return registering.register(
            caregiver=refer(name, check),
            cohort=cohort,
            answers={**ANSWERS, "name": name},
            consents=dict.fromkeys(consents, True),
            how="spoken",
            by=lead,
        ).place

    return make
