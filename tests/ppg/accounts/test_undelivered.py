"""What did not go out, as an administrator sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.accounts import mail
from ppg.accounts.mail import Kind
from ppg.models import AccountMail, AuditEntry
from ppg.time_of_day import clock
from tests.factories import UserFactory
from tests.ppg.accounts.conftest import jobs

pytestmark = pytest.mark.django_db
URL = "/users/mail/"
SITE = "https://groups.council.example"


@pytest.fixture
def row(user, queue):
    """An e-mail to Lena that did not go out."""
    posted = mail.post(Kind.ROLE_CHANGED, user)
    AccountMail.objects.update(state="failed", why="refused", tries=1)
    return posted


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


def press(browser, row, what="again", **sent):
    return browser.post(reverse(f"users_mail_{what}", args=[row.code]), sent)


def put(row, **fields):
    AccountMail.objects.filter(pk=row.pk).update(**fields)


def test_it_says_to_whom_what_when_how_often_and_why(browser, row):
    page = browser.get(URL).text
    for words in ("Lena Lead", "That their role was changed", "Not sent", "Check the address"):
        assert words in page, words
    assert re.search(r'<td[^>]*class="num"[^>]*>[^0-9]*1<', page)
    assert clock(row.happened_at) in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "failed", "why": "unreachable"}, "could not be reached"),
        ({"state": "failed", "why": "late"}, "could not leave in time"),
        ({"state": "failed", "why": "fault"}, "a fault of the program"),
        ({"state": "unknown", "why": "broke"}, "may have arrived"),
        ({"state": "sending", "why": "", "changed_at": timedelta(minutes=11)}, "Our own computer stopped"),
        ({"state": "waiting", "why": "", "asked_at": timedelta(minutes=11)}, "the worker is not running"),
    ],
)
def test_the_reason_stands_there_in_words(browser, row, fields, words):
    ago = {name: timezone.now() - value if isinstance(value, timedelta) else value for name, value in fields.items()}
    put(row, **ago)
    page = browser.get(URL).text
    assert words in page and "Do not send" in page
    assert ("Send again" in page) == (fields["state"] != "waiting")


@pytest.mark.parametrize("state", ["sent", "sending", "waiting"])
def test_what_went_or_is_on_its_way_is_not_there(browser, row, state):
    put(row, state=state, changed_at=timezone.now(), asked_at=timezone.now())
    assert "Every e-mail about an account went out" in browser.get(URL).text


def test_what_a_stranger_asked_for_never_shows(browser, user, queue):
    mail.post(Kind.PASSWORD_RESET, None, site=SITE, address="nobody@elsewhere.example")
    for state in ("waiting", "failed", "unknown", "sending"):
        AccountMail.objects.update(state=state, changed_at=timezone.now() - timedelta(hours=2))
        assert "Every e-mail about an account went out" in browser.get(URL).text
        unknown = AccountMail.objects.get()
        press(browser, unknown, seen=f"{state} 0")
        press(browser, unknown, "drop")
        assert AccountMail.objects.get().state == state and not jobs()


def test_sent_again_by_two_presses_it_goes_once(browser, row, work, administrator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert press(browser, row, seen="failed 1").headers["Location"] == URL
    assert jobs() == [[row.code]]
    assert len(work(row)) == 1 and work(row) == []
    assert press(browser, row, seen="failed 1").headers["Location"] == URL  # the second press, late
    row.refresh_from_db()
    assert (row.state, row.tries) == ("sent", 2)
    entry = AuditEntry.objects.get(what="accountmail")
    assert (entry.user, entry.ref, entry.person, entry.fields) == (
        administrator,
        row.code,
        row.user.code,
        ["send_again"],
    )


def test_a_late_second_press_does_not_send_a_newer_failure(browser, row, work, django_capture_on_commit_callbacks):
    press(browser, row, seen="failed 1")
    work(row, RCPT=b"550 no\r\n")
    press(browser, row, seen="failed 1")
    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", 2)


@pytest.mark.parametrize("state", ["sent", "sending", "waiting"])
def test_what_is_on_its_way_cannot_be_sent_again(browser, row, state):
    put(row, state=state, changed_at=timezone.now())
    press(browser, row, seen=f"{state} 1")
    row.refresh_from_db()
    assert row.state == state and not AuditEntry.objects.filter(what="accountmail").exists()


def test_one_whose_worker_died_can_be_sent_again_before_any_sweep(browser, row):
    put(row, state="sending", changed_at=timezone.now() - timedelta(minutes=11))
    press(browser, row, seen="unknown 1")
    row.refresh_from_db()
    assert row.state == "waiting"


def test_do_not_send_takes_it_away_and_a_second_press_is_as_good(browser, row, administrator):
    for _ in range(2):
        assert press(browser, row, "drop").headers["Location"] == URL
    assert not AccountMail.objects.exists()
    assert AuditEntry.objects.get(what="accountmail").fields == ["do_not_send"]


def test_what_is_being_sent_cannot_be_taken_away(browser, row):
    put(row, state="sending", changed_at=timezone.now())
    page = press(browser, row, "drop")
    assert page.status_code == 409 and "It is being sent just now" in page.text


def test_what_was_sent_stays_whatever_is_pressed(browser, row):
    put(row, state="sent")
    press(browser, row, "drop")
    assert AccountMail.objects.get().state == "sent"


@pytest.mark.parametrize(("rows", "words"), [(1, "1 e-mail did not go out"), (2, "2 e-mails did not go out")])
def test_the_people_who_sign_in_page_says_how_many(browser, row, user, rows, words):
    for _ in range(rows - 1):
        put(mail.post(Kind.BLOCKED, user), state="unknown")
    page = browser.get(reverse("users")).text
    assert words in " ".join(page.split()) and f'href="{URL}"' in page


def test_where_everything_went_out_that_page_says_nothing_of_it(browser):
    assert "did not go out" not in browser.get(reverse("users")).text


@pytest.mark.parametrize("role", ["lead", "facilitator", "manager", "safeguarding", "evaluator", "parent"])
def test_nobody_else_opens_it_or_presses(browser_of, request, row, role):
    other = browser_of(request.getfixturevalue(role))
    assert other.get(URL).status_code == 403
    assert press(other, row, seen="failed 1").status_code == press(other, row, "drop").status_code == 403
    assert AccountMail.objects.get().state == "failed"


def test_wrong_verb(browser, row):
    assert browser.post(URL).status_code == 405
    for what in ("again", "drop"):
        assert browser.get(reverse(f"users_mail_{what}", args=[row.code])).status_code == 405


def test_it_costs_the_same_with_many(browser, row, same_queries):
    def grow():
        for _ in range(3):
            put(mail.post(Kind.BLOCKED, UserFactory()), state="failed")

    same_queries(browser, URL, grow)


def test_there_are_pages_of_fifty(browser, user, queue):
    for _ in range(51):
        mail.post(Kind.BLOCKED, user)
    AccountMail.objects.update(state="failed")
    assert browser.get(URL).text.count("Do not send") == 50
    assert browser.get(URL, {"page": 2}).text.count("Do not send") == 1


def test_the_administrators_home_begins_with_it_and_nobody_elses(browser, browser_of, lead, row):
    home = browser.get(reverse("home")).text
    assert "1 e-mail did not go out" in home and URL in home
    assert URL not in browser_of(lead).get(reverse("home")).text
    press(browser, row, "drop")
    assert "did not go out" not in browser.get(reverse("home")).text
