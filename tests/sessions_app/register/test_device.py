"""A tick that waited on a device, and what a device may keep."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.time_of_day import clock
from sessions_app.models import RegisterMark
from sessions_app.register import rows as register_rows
from tests.factories import PlaceFactory
from tests.sessions_app.register.asking import page_of, rows_by_script, send, text

pytestmark = pytest.mark.django_db


# --- A tick that waited on a device ----------------------------------------------------------------------


def test_somebody_elses_tick_is_not_taken_as_ours(browser_of, facilitator, lead, session, aisha):
    """A shared tablet: the facilitator ticked without a connection, then the lead signed in."""
    browser = browser_of(lead)
    everyone_here = reverse("sessions:everyone_here", args=[session.code])
    for answer in (
        send(browser, session, aisha, "present", maker=facilitator.code),
        browser.post(everyone_here, {"key": str(uuid4()), "maker": facilitator.code}),
    ):
        assert answer.status_code == 409 and answer.json() == {"somebody_elses": True}
    assert not RegisterMark.objects.exists()
    assert send(browser_of(facilitator), session, aisha, "present", maker=facilitator.code).status_code == 200


def made_ago(mark):
    return (timezone.now() - mark.made_at).total_seconds()


def test_a_tick_was_made_after_what_its_device_heard_last(browser_of, facilitator, session, aisha, ben):
    """The device's clock was set three hours ahead after the tick; it had heard from us ten minutes ago."""
    browser, heard = browser_of(facilitator), timezone.now().timestamp() - 600
    send(browser, session, aisha, "present", ago=3 * 3600, heard=heard)
    send(browser, session, ben, "present", ago=60, heard=heard)
    assert made_ago(aisha.marks.get()) == pytest.approx(600, abs=10)
    assert made_ago(ben.marks.get()) == pytest.approx(60, abs=10)


@pytest.mark.parametrize("heard", ["-1e300", "1e300", "0", "nan", "inf"])
def test_a_wild_word_of_the_device_never_makes_a_tick_of_tomorrow(browser_of, facilitator, session, aisha, heard):
    answer = send(browser_of(facilitator), session, aisha, "present", ago=60, heard=heard)
    assert answer.status_code in (200, 422)
    assert all(-1 < made_ago(mark) < 100 for mark in RegisterMark.objects.all())


def test_who_is_overruled_by_a_later_tick_is_told(browser_of, facilitator, lead, session, aisha):
    phone, tablet = browser_of(lead), browser_of(facilitator)
    send(tablet, session, aisha, "late")
    counts = aisha.marks.get()
    answer = send(phone, session, aisha, "present", ago=120)  # made before, and comes after
    own = aisha.marks.get(recorded_by=lead)
    sentence = f"Femi ticked Came late at {clock(counts.made_at)}; yours of {clock(own.made_at)} is in the history."
    told = {"state": "late", "told": sentence, "overruled": True}
    assert answer.json()["rows"] == {aisha.code: told} == rows_by_script(phone, session)
    assert sentence in text(phone.get(page_of(session)))
    assert not rows_by_script(tablet, session)[aisha.code]["overruled"]
    history = text(phone.get(reverse("sessions:register_history", args=[session.code])))
    assert history.index("Came late") < history.index(">Here<")


def test_who_is_overruled_later_is_told_too_and_an_undo_in_its_own_words(
    browser_of, facilitator, lead, session, aisha, ben
):
    phone, tablet = browser_of(lead), browser_of(facilitator)
    for place, state in ((aisha, "late"), (ben, "open")):
        send(phone, session, place, "present")
        send(tablet, session, place, state)
    rows = rows_by_script(phone, session)
    assert rows[aisha.code]["told"].startswith("Femi ticked Came late at ")
    assert rows[ben.code]["told"].startswith("Femi undid it at ")
    send(phone, session, aisha, "left_early")  # the last word is ours again
    assert rows_by_script(phone, session)[aisha.code]["told"].startswith("Saved at ")


def test_everyone_here_of_a_device_ticks_whom_its_screen_showed_and_when(
    browser_of, facilitator, session, aisha, ben, cohort
):
    came_meanwhile = PlaceFactory(cohort=cohort, seat=3)
    values = {"key": str(uuid4()), "places": f"{aisha.code} {ben.code}", "ago": 300, "maker": facilitator.code}
    url = reverse("sessions:everyone_here", args=[session.code])
    answer = browser_of(facilitator).post(url, values, headers={"accept": "application/json"})
    assert answer.status_code == 200 and not came_meanwhile.marks.exists()
    assert [made_ago(place.marks.get()) for place in (aisha, ben)] == [pytest.approx(300, abs=10)] * 2
    wrong = browser_of(facilitator).post(url, {**values, "places": "1 2"}, headers={"accept": "application/json"})
    assert wrong.status_code == 422


# --- What a device may keep ------------------------------------------------------------------------------


def test_the_copy_for_the_device_says_least(browser_of, facilitator, session, aisha, ben):
    send(browser_of(facilitator), session, aisha, "present")
    page = text(browser_of(facilitator).get(page_of(session) + "?kept"))
    assert ">Aisha</h2>" in page and "1 of 2 here" in page and "Saved at" in page
    secrets = ("Surname", "Ogden", "Benjamin", "Peanuts", "Step-free", "01632", "Bina", "Facilitator", "csrf")
    assert [secret for secret in secrets if secret in page] == []
    assert "data-keep-seconds" not in page


@pytest.mark.parametrize(
    ("hour", "kept"),
    [(18, 10 * 3600), (22, 6 * 3600), (3, 3600), (4, 10 * 3600)],
)
def test_a_copy_is_kept_until_four_in_the_morning_and_never_over_ten_hours(noon, hour, kept):
    assert register_rows.keep_seconds(noon.replace(hour=hour)) == kept


def test_the_night_before_the_clocks_change_is_as_long_as_it_is():
    before = datetime(2026, 3, 28, 23, tzinfo=timezone.get_current_timezone())
    assert register_rows.keep_seconds(before) == 4 * 3600


def test_the_worker_is_for_anybody_and_holds_nobody(stranger, browser_of, facilitator):
    url = reverse("sessions:register_worker")
    answer = stranger.get(url)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/javascript"
    assert "No connection" in text(answer) and "default-src 'none'" in text(answer)
    assert text(browser_of(facilitator).get(url)) == text(answer)
    assert url.rpartition("/")[0] == "/sessions"  # a worker serves nothing above its own folder
    assert "Service-Worker-Allowed" not in answer.headers


def test_no_page_is_kept_by_the_browser_itself(browser_of, facilitator, session, aisha):
    for query in ("", "?kept"):
        assert browser_of(facilitator).get(page_of(session) + query).headers["Cache-Control"] == "no-store"


def test_signing_out_clears_what_the_browser_holds_but_no_tick_that_waits(browser_of, facilitator):
    url = reverse("account_logout")
    assert "Clear-Site-Data" not in browser_of(facilitator).get(url).headers
    assert browser_of(facilitator).post(url).headers["Clear-Site-Data"] == '"cache"'
    everything = browser_of(facilitator).post(url, {"nothing_waits": "yes"})
    assert everything.headers["Clear-Site-Data"] == '"cache", "storage"'
