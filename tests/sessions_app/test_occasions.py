"""What is said of a day where dates are set: bank holidays, festivals, and the council's school holidays."""

from __future__ import annotations

from datetime import date, time
from uuid import uuid4

import pytest
from django.urls import reverse

from caregivers.times import actions as times
from ppg.service_details import actions as details
from programmes.shipped.actions import load_shipped
from sessions_app.dates import local_start
from sessions_app.models import Session
from sessions_app.occasions import occasions
from tests.factories import SessionFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def half_term(administrator):
    details.change(by=administrator, school_holidays="15 February 2027 to 19 February 2027, Half-term\n1 March 2027")


def said(*days: date) -> list[str]:
    return [str(occasion) for found in occasions(days).values() for occasion in found]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 24), "Christmas Eve"),
        (date(2026, 12, 31), "New Year’s Eve"),
        (date(2027, 3, 9), "Eid al-Fitr (the day depends on the moon)"),
        (date(2026, 11, 8), "Diwali"),
        (date(2027, 4, 21), "Passover"),  # begins that evening
        (date(2027, 4, 22), "Passover"),
        (date(2027, 10, 10), "Yom Kippur"),
        (date(2027, 4, 30), "Orthodox Good Friday"),
    ],
)
def test_a_day_that_many_keep(day, name):
    assert said(day) == [name]


def test_a_day_may_be_several_and_most_are_none(half_term):
    assert said(date(2027, 5, 3)) == ["May Day", "Orthodox Easter Monday"]
    assert said(date(2027, 1, 12), date(2027, 2, 14), date(2027, 2, 20)) == []
    assert said(date(2027, 2, 15), date(2027, 2, 19)) == ["School holidays: Half-term"] * 2
    assert said(date(2027, 3, 1)) == ["School holidays"]


def test_moving_adding_and_putting_back_say_it(browser_of, lead, cohort, half_term):
    session = SessionFactory(cohort=cohort, number=1, starts_at=local_start(date(2027, 2, 9), time(18)))
    browser = browser_of(lead)

    def press(name: str, of: Session, **typed: str) -> str:
        sent = {"why": "Half-term", "effect_key": str(uuid4()), **typed}
        return on_one_line(browser.post(reverse(f"sessions:{name}", args=[of.code]), sent, follow=True).text)

    expected = "Tuesday 16 February 2027 is in the school holidays (Half-term)."
    assert expected in press("move", session, day="2027-02-16", start="18:00")
    press("cancel", session)
    assert expected in press("put_back", session)
    page = press("add", session, title="Visit", day="2026-12-24", start="18:00", minutes="60")
    assert "Thursday 24 December 2026 is Christmas Eve." in page


def test_setting_the_time_says_it_beside_the_new_day(browser_of, lead, cohort, half_term):
    SessionFactory(cohort=cohort, number=1, starts_at=local_start(date(2031, 4, 7), time(18)))
    [slot] = times.propose(cohort=cohort, weekdays=[0], starts=[time(10)], by=lead)
    page = on_one_line(browser_of(lead).get(reverse("sessions:set_time", args=[slot.code])).text)
    assert "Festival</strong>Passover" in page


def test_setting_up_says_it_and_skips_bank_holidays_alone(browser_of, lead, half_term):
    browser = browser_of(lead)
    typed = {
        "programme": load_shipped()[0].code,
        "area": "Ipswich",
        "where": ["venue"],
        "venue": "Chantry Library",
        "starts_on_day": 8,
        "starts_on_month": 2,
        "starts_on_year": 2027,
        "at": "6pm",
    }
    answer = browser.post(browser.get(reverse("sessions:set_up")).url, typed, follow=True)
    page = on_one_line(answer.text)
    assert "School holidays</strong>Half-term" in page and "School holidays: Half-term" in page
    assert answer.context["form"]["skip"].value() == []
