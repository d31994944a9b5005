"""The service's own details."""

import pytest
from django.urls import reverse

from ppg.models import AuditEntry, Service
from ppg.service_details import service

pytestmark = pytest.mark.django_db

FULL = {
    "name": "Common Ground",
    "organisation": "A council",
    "phone": "01632 960 100",
    "email": "hello@council.example",
    "keep_months": "18",
    "keep_concern_years": "7",
    "keep_backup_weeks": "6",
}


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


def test_saved_details_are_on_the_next_page(browser, stranger, django_capture_on_commit_callbacks):
    service.current()
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.post(reverse("service_details"), FULL).status_code == 302
    assert "01632 960 100" in stranger.get(reverse("notice")).text
    row = Service.objects.get()
    assert (row.keep_months, row.keep_concern_years, row.keep_backup_weeks) == (18, 7, 6)
    assert AuditEntry.objects.get(what="service").fields == [
        "email",
        "keep_backup_weeks",
        "keep_concern_years",
        "keep_months",
        "organisation",
        "phone",
    ]


def test_sent_twice_it_is_written_down_once(browser):
    for _ in range(2):
        assert browser.post(reverse("service_details"), FULL).status_code == 302
    assert Service.objects.count() == 1 and AuditEntry.objects.filter(what="service").count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("phone", "call me"), ("email", "x"), ("keep_months", "0"), ("keep_months", "")]
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(browser, field, value):
    page = browser.post(reverse("service_details"), {**FULL, field: value})
    assert page.status_code == 422 and "A council" in page.text
    assert not Service.objects.exists()


def test_only_an_administrator(browser_of, lead):
    assert browser_of(lead).get(reverse("service_details")).status_code == 403


def test_wrong_verb(browser):
    assert browser.put(reverse("service_details")).status_code == 405
