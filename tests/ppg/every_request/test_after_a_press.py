"""What a page says after a press: kept by us until the next page, nothing of it on the device, and no name in it."""

from __future__ import annotations

import json
import uuid

import pytest
from django.urls import reverse

from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def session_of(browser) -> str:
    return json.dumps(dict(browser.session.items()))


def test_it_waits_in_the_session_without_the_name_and_the_next_page_says_it(browser_of, lead, cohort):
    person = PlaceFactory(cohort=cohort, seat=1, caregiver__name="Priya Patel").caregiver
    referral = person.referrals.get()
    browser = browser_of(lead)
    before = set(browser.cookies)
    answer = browser.post(reverse("caregivers:leave", args=[referral.code]), {"effect_key": str(uuid.uuid4())})
    assert answer.status_code == 302 and set(browser.cookies) == before
    assert "They no longer have a place." in session_of(browser) and "Priya" not in session_of(browser)
    assert "They no longer have a place." in browser.get(answer.url).text
    assert "no longer" not in session_of(browser)
