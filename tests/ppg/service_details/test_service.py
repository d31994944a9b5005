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
    "safeguarding_phone": "01632 960 200",
    "out_of_hours_phone": "01632 960 300",
    "keep_months": "18",
    "keep_concern_years": "7",
    "keep_backup_weeks": "6",
}


def test_school_holidays_are_read_as_people_write_them_and_kept_in_one_form(browser):
    typed = "19 December 2026 to 3 January 2027, Christmas\r\n15/2/2027 - 19/2/2027 Half-term\n\n1 sept 2027"
    assert browser.post(reverse("service_details"), FULL | {"school_holidays": typed}).status_code == 302
    assert Service.objects.get().school_holidays.splitlines() == [
        "19 December 2026 to 3 January 2027, Christmas",
        "15 February 2027 to 19 February 2027, Half-term",
        "1 September 2027",
    ]
    page = browser.get(reverse("service_details")).text
    assert "15 February 2027 to 19 February 2027, Half-term" in page


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "Christmas: Monday 21 December 2026 to Friday 1 January 2027",
            "21 December 2026 to 1 January 2027, Christmas",
        ),
        ("Half term, 15-19 February 2027", "15 February 2027 to 19 February 2027, Half term"),
        ("Half-term: Mon 15 to Fri 19 February 2027", "15 February 2027 to 19 February 2027, Half-term"),
        ("19 December to 3 January 2027 Christmas", "19 December 2026 to 3 January 2027, Christmas"),
        ("19/12/26 - 3/1/27 Christmas", "19 December 2026 to 3 January 2027, Christmas"),
        (
            "Easter holidays (from 29th March 2027 until 9th April 2027)",
            "29 March 2027 to 9 April 2027, Easter holidays",
        ),
        ("Training day – Thursday, 1st October 2026", "1 October 2026, Training day"),
        ("1-2-2027", "1 February 2027"),
        ("2/11/2026 Year 11 study leave", "2 November 2026, Year 11 study leave"),
    ],
)
def test_term_dates_are_taken_as_councils_publish_them(browser, line, read):
    assert browser.post(reverse("service_details"), FULL | {"school_holidays": line}).status_code == 302
    assert Service.objects.get().school_holidays == read


@pytest.mark.parametrize(
    "line",
    [
        "Christmas",
        "Christmas 19 Dec to 3 Jan",
        "29 to 3 February 2027",
        "15-19 2027",
        "31 February 2027 Nothing",
        "3 January 2027 to 19 December 2026",
        "1 Foo 2027",
        "1/1/2027 - 1/1/2028 A year",
        "1/13/2027",
    ],
)
def test_a_line_that_is_no_holiday_is_told_and_nothing_is_lost(browser, line):
    answer = browser.post(reverse("service_details"), FULL | {"school_holidays": f"1 9 2027\n{line}"})
    assert answer.status_code == 422 and f"This one is not: {line}" in answer.text
    assert not Service.objects.exists()


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
        "out_of_hours_phone",
        "phone",
        "safeguarding_phone",
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
