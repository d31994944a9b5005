import re

import pytest
from django.urls import reverse

from caregivers.actions import concerns
from tests.evaluation.conftest import mark
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort):
    return reverse("evaluation:figures", args=[cohort.code])


def test_shows_what_there_is_with_charts(browser_of, facilitator, url, answered):
    body = browser_of(facilitator).get(url).content.decode()
    assert "<strong>8</strong> <span>started</span>" in body
    assert "better for 7 of 7 who answered both times; median change +1.0" in body
    assert body.count("<svg") >= 2 + 2 * 4
    assert "change cannot be put down to the programme" in body


def test_shows_nothing_yet_in_words(browser_of, facilitator, url):
    body = browser_of(facilitator).get(url).content.decode()
    assert "No session has been held yet." in body
    assert "No answers can be shown yet." in body
    assert "The before and after questions have not been asked." in body
    assert "<tbody></tbody>" not in body


def test_shows_no_names(browser_of, manager, url, answered, places):
    body = browser_of(manager).get(url).content.decode()
    assert not any(place.caregiver.name in body or place.caregiver.code in body for place in places)


def test_who_may(browser_of, parent, manager, other_facilitator, safeguarding, url, stranger):
    assert browser_of(manager).get(url).status_code == 200, "a manager sees the figures of every group"
    assert browser_of(other_facilitator).get(url).status_code == 404
    assert browser_of(parent).get(url).status_code == 403
    assert browser_of(safeguarding).get(url).status_code == 403
    assert stranger.get(url).status_code == 302


def test_reads_only(browser_of, lead, url):
    assert browser_of(lead).post(url).status_code == 405


def test_costs_the_same_for_many(browser_of, lead, url, cohort, answered, same_queries):
    same_queries(browser_of(lead), url, lambda: [PlaceFactory(cohort=cohort, seat=n) for n in range(20, 30)])


# --- What is counted from registers and notes -----------------------------------------------------------

TABLE, MEDIAN, METHOD = "<caption", "came to a median of", "Ways of exploiting"
LATER = "come with each report"


@pytest.fixture
def noted(cohort, answered, lead):
    told = {"noticed": "A car", "noticed_when": "often", "how_known": "seen"}
    for _ in range(5):
        concerns.log_information(cohort=cohort, about="vehicle", by=lead, methods=["gifts"], **told)


def says(browser, url, *words):
    body = browser.get(url).content.decode()
    return [word in body for word in words]


def test_whoever_writes_the_report_sees_all_of_it_live(browser_of, lead, url, noted):
    assert says(browser_of(lead), url, TABLE, MEDIAN, METHOD, LATER) == [True, True, True, False]


def test_a_manager_is_told_of_referrals_registers_and_notes_as_they_were_published(
    browser_of, manager, facilitator, url, noted, request
):
    """Else whoever looks at the page before and after somebody came would know where from."""
    for reader in (manager, facilitator):
        assert says(browser_of(reader), url, TABLE, MEDIAN, METHOD, LATER) == [False, False, False, True]
    request.getfixturevalue("published")
    for reader in (manager, facilitator):
        assert says(browser_of(reader), url, TABLE, MEDIAN, METHOD, LATER) == [True, True, True, True]


def test_what_changed_since_waits_for_the_next_report(browser_of, manager, lead, url, cohort, noted, published, held):
    CaregiverFactory(cohort=cohort)
    assert says(browser_of(manager), url, TABLE, MEDIAN, METHOD, LATER) == [False, True, True, True]
    mark(held[0], PlaceFactory(cohort=cohort, seat=9))
    assert says(browser_of(manager), url, TABLE, MEDIAN, METHOD, LATER) == [False, False, True, True]
    told = {"noticed": "A car", "noticed_when": "often", "how_known": "seen"}
    concerns.log_information(cohort=cohort, about="vehicle", by=lead, methods=["gifts"], **told)
    assert says(browser_of(manager), url, TABLE, MEDIAN, METHOD, LATER) == [False, False, False, True]


def test_how_many_came_each_evening_is_told_as_the_programme_runs(browser_of, manager, url, held):
    body = browser_of(manager).get(url).content.decode()
    assert "Session 2: 7 of 8" in body and "8 started" in re.sub("<[^>]+>", "", body)
