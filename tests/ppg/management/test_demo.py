"""The demo: invented people who look real, and a way in for each role."""

import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from caregivers.models import ConsentWording
from evaluation.models import ReportVersion
from ppg.management.commands.demo import THURSDAY, TUESDAY, last_weekday
from ppg.management.demo.people import STAFF
from programmes.models import Cohort
from sessions_app.models import Session

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
    assert "[" not in ConsentWording.objects.newest()[ConsentWording.NOTICE].text
    days = {session.day.weekday() for session in Session.objects.exclude(cohort__name__startswith="Lowestoft")}
    assert days == {TUESDAY, THURSDAY}


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 11, 28), date(2026, 11, 30)])
def test_the_last_tuesday(day):
    assert last_weekday(day, TUESDAY) == date(2026, 11, 24)
