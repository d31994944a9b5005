"""The focus group: written down once, put right, and names in its notes pointed out."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from feedback.models import FocusGroup
from tests.factories import CaregiverFactory, PlaceFactory
from tests.feedback.asking.test_session import body

pytestmark = pytest.mark.django_db


def page(name, *codes):
    return reverse(f"feedback:{name}", args=codes)


HELD = {"held_on": "2026-03-27", "people": "6", "notes": "They felt believed."}


def test_a_focus_group_is_written_down_once(browser_of, facilitator, cohort):
    browser, url = browser_of(facilitator), page("focus_group_add", cohort.code)
    sent = HELD | {"effect_key": str(uuid4())}
    assert browser.post(url, sent).url == browser.post(url, sent).url
    talk = FocusGroup.objects.get()
    assert (talk.people, talk.notes, talk.by) == (6, "They felt believed.", facilitator)
    assert "They felt believed." in browser.get(page("focus_group", talk.code)).text
    assert "with 6 people" in browser.get(page("after", cohort.code)).text


def test_what_is_wrong_is_said_and_what_was_typed_stays(browser_of, lead, cohort):
    url = page("focus_group_add", cohort.code)
    answer = browser_of(lead).post(url, HELD | {"held_on": "2199-01-01", "people": "0"})
    assert answer.status_code == 422 and "They felt believed." in answer.text
    assert not FocusGroup.objects.exists()


def test_names_of_the_group_in_the_notes_are_pointed_out(browser_of, lead, cohort):
    PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Nadia Nowhere"))
    browser = browser_of(lead)
    url = browser.post(page("focus_group_add", cohort.code), HELD | {"notes": "What nadia said helped."}).url
    assert "seem to hold names: nadia" in body(browser.get(url))
    talk = FocusGroup.objects.get()
    browser.post(page("focus_group_change", talk.code), HELD | {"notes": "What one of them said helped."})
    assert "seem to hold names" not in body(browser.get(url))
