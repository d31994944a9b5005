import pytest
from django.urls import reverse

from tests.factories import PlaceFactory

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
