"""A session of today, and two who are in the group."""

from datetime import datetime

import pytest
from django.utils import timezone

from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())


@pytest.fixture
def aisha(cohort):
    caregiver = CaregiverFactory(
        cohort=cohort, name="Aisha Surname", allergies="Peanuts", access_needs="Step-free", phone="01632 960123"
    )
    caregiver.emergency_contacts.create(name="Bina", phone="01632 960999", relation="sister")
    return PlaceFactory(cohort=cohort, caregiver=caregiver, seat=1)


@pytest.fixture
def ben(cohort):
    return PlaceFactory(
        cohort=cohort, seat=2, caregiver=CaregiverFactory(cohort=cohort, name="Benjamin Ogden", liked_name="Ben")
    )


@pytest.fixture
def noon():
    return datetime(2026, 3, 5, 12, tzinfo=timezone.get_current_timezone())
