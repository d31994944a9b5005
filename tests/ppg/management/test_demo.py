"""The demo: invented people who look real, and a way in for each role."""

import re
from collections import Counter
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from caregivers.models import Caregiver, ConsentWording, EmergencyContact
from evaluation.models import ReportVersion
from ppg.management.commands.demo import THURSDAY, TUESDAY, days_over, days_planned, days_running, last_weekday
from ppg.management.demo.people import STAFF
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session, Speaker

PASSWORD = "a password for the demo"


@pytest.fixture
def demo(db, monkeypatch, django_capture_on_commit_callbacks):
    """The demo as it is filled, and what it prints."""

    def run() -> str:
        said = StringIO()
        with django_capture_on_commit_callbacks(execute=True):
            call_command("demo", stdout=said)
        return said.getvalue()

    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)
    return run


def test_each_role_signs_in_and_the_pages_it_names_open_without_signing_in(demo):
    said = demo()
    for login, _name, _role in STAFF:
        assert f"{login}@demo.example" in said
        sent = {"login": f"{login}@demo.example", "password": PASSWORD}
        assert Client().post("/sign-in/", sent).headers.get("Location") == "/"
    pages = re.findall(r"http://127\.0\.0\.1:\d+(/[fr]/\S+)", said)
    assert [Client().get(page).status_code for page in pages] == [200] * 5


def test_three_groups_that_look_real_and_a_second_start_adds_nothing(demo):
    demo()
    demo()
    assert Cohort.objects.count() == 3
    assert bytes(ReportVersion.objects.get().pdf).startswith(b"%PDF")
    assert [row.kind for row in ConsentWording.objects.unfinished()] == ["dpia"], "what everybody reads is filled in"
    days = {session.day.weekday() for session in Session.objects.exclude(cohort__name__startswith="Lowestoft")}
    assert days == {TUESDAY, THURSDAY}
    named = Counter([*User.objects.values_list("name", flat=True), *(one.name for one in Caregiver.objects.all())])
    named.update(contact.name for contact in EmergencyContact.objects.all())
    named.update(guest.name for guest in Speaker.objects.exclude(name=""))
    assert [name for name, number in named.items() if number > 1] == []


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 30)])
def test_the_last_tuesday(day):
    assert last_weekday(day, TUESDAY) == date(2026, 11, 24)


def test_no_group_meets_between_christmas_eve_and_new_years_day_whenever_the_demo_begins():
    for number in range(3 * 366):
        today = date(2026, 1, 1) + timedelta(days=number)
        for days in (days_over(today), days_running(today), days_planned(today)):
            assert len(days) == len(set(days)) == 6 and days == sorted(days)
            assert len({day.weekday() for day in days}) == 1
            assert not [day for day in days if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)]
        assert days_over(today)[-1] <= today - timedelta(weeks=6), "what followed is over, too"
        running = days_running(today)
        assert running[1] < today < running[2] and running[0] <= today - timedelta(days=11)
        assert days_planned(today)[0] >= today + timedelta(days=14)
    assert days_running(date(2026, 11, 24))[2] == date(2026, 11, 25)
