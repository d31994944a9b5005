import re

import pytest
from django.urls import reverse

from caregivers.concerns import actions as concerns
from caregivers.consents.actions import withdraw
from evaluation.reports import actions as reports
from evaluation.rounds import actions as rounds
from sessions_app.models import MarkState
from tests.evaluation.conftest import agree, mark
from tests.factories import PlaceFactory
from tests.markup import on_one_line

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
    assert "<tbody></tbody>" not in on_one_line(body)


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


# --- What is counted from referrals, registers and notes --------------------------------------------------

PARTS = {"source": "<caption", "median": "came to a median of", "method": "Ways of exploiting"}
NONE_YET, AS_IN = "none has been published yet", "version 1 of the report"


def note(cohort, by):
    told = {"noticed": "A car", "noticed_when": "often", "how_known": "seen"}
    concerns.log_information(cohort=cohort, about="vehicle", by=by, methods=["gifts"], **told)


@pytest.fixture
def noted(cohort, answered, lead):
    for _ in range(5):
        note(cohort, lead)


@pytest.fixture
def says(browser_of, url):
    """Which of these parts are on somebody's page, and the page without its tags."""

    def of(user):
        body = browser_of(user).get(url).content.decode()
        text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", body))
        return {name for name, words in PARTS.items() if words in body}, text

    return of


def test_whoever_writes_the_report_sees_all_of_it_live(says, lead, noted):
    parts, text = says(lead)
    assert parts == set(PARTS) and NONE_YET not in text and "tells" not in text


@pytest.mark.parametrize("who", ["manager", "facilitator"])
def test_others_are_told_of_referrals_registers_and_notes_when_a_report_is_published(says, who, noted, request):
    """Else whoever looks at the page before and after somebody came would know where from."""
    reader = request.getfixturevalue(who)
    parts, text = says(reader)
    assert parts == set() and NONE_YET in text and "hidden because numbers are small" not in text
    request.getfixturevalue("published")
    parts, text = says(reader)
    assert parts == set(PARTS) and AS_IN in text and NONE_YET not in text


def test_and_stay_with_what_the_last_report_says_however_much_happens(
    says, manager, lead, cohort, noted, published, held, browser_of
):
    for seat in range(9, 15):
        place = PlaceFactory(cohort=cohort, seat=seat, taken_on=held[0].day)
        for session in held:
            mark(session, place)
    for _ in range(5):
        note(cohort, lead)
    text = says(lead)[1]
    assert "The 14 people who started" in text and "Gifts, money or clothes: 10" in text
    text = says(manager)[1]
    assert "The 8 people who started" in text and "Gifts, money or clothes: 5" in text and "14 started" in text
    reports.publish(cohort=cohort, by=lead)
    assert "The 14 people who started" in says(manager)[1]


def test_a_table_that_the_report_holds_back_is_held_back_for_everybody(says, manager, published):
    version = published
    version.figures["reach"]["by_source"] = []
    version.save(update_fields=["figures"])
    parts, text = says(manager)
    assert "source" not in parts and "Referral sources are hidden because numbers are small" in text


def test_how_many_came_each_evening_is_told_as_the_programme_runs(browser_of, manager, url, held):
    body = browser_of(manager).get(url).content.decode()
    assert "Session 2: 7 of 8" in body and "8 started" in re.sub("<[^>]+>", "", body)


def test_whoever_takes_part_without_a_pair_lacks_the_one_answer_or_the_other(says, manager, lead, answered):
    assert "7 of 8 people who took part. Missing: 1 answered only before" in says(lead)[1]
    assert "7 of 8 people who took part and answered both times." in says(manager)[1]


# --- What a tick may not show ---------------------------------------------------------------------------


def test_a_tick_taken_back_takes_nobodys_answers_out(browser_of, lead, url, held, places, waves, give):
    for k, place in enumerate(places):
        for wave in waves:
            give(wave, place, k % 3)
    for wave in waves:
        rounds.close_wave(wave=wave, by=None)
    change = re.findall(r"Median before.*?<|better for .*?<", browser_of(lead).get(url).content.decode())
    for session in held:
        mark(session, places[0], MarkState.OPEN)
    now = browser_of(lead).get(url).content.decode()
    assert "7</strong> <span>started" in now
    assert re.findall(r"Median before.*?<|better for .*?<", now) == change != []


@pytest.fixture
def five_and_five(cohort, held, places, waves, give):
    """Five who completed and five who did not, each with a score at the start."""
    for seat in (9, 10):
        place = PlaceFactory(cohort=cohort, seat=seat, taken_on=held[0].day)
        agree(place)
        mark(held[0], place)
        places.append(place)
    for place in places[5:7]:
        for session in held[1:]:
            mark(session, place, MarkState.NOT_HERE)
    for k, place in enumerate(places):
        give(waves[0], place, k % 4)
        give(waves[1], place, 3)
    for wave in waves:
        rounds.close_wave(wave=wave, by=None)
    return places


STARTED_WITH = "those who went on to complete had a median"


def test_how_those_who_completed_had_begun_is_told_by_a_published_report_only(
    says, browser_of, lead, cohort, held, report, five_and_five, no_pdf
):
    """Live it would move by one person's answers, with one tick."""
    preview = reverse("evaluation:preview", args=[cohort.code])
    assert STARTED_WITH not in says(lead)[1] and STARTED_WITH not in browser_of(lead).get(preview).content.decode()
    version = reports.publish(cohort=cohort, by=lead)
    read = browser_of(lead).get(version.get_absolute_url()).content.decode()
    told = re.findall(STARTED_WITH + ".*?</p>", read, re.S)
    assert told and "(5 people)" in told[0]
    for session in held[1:]:
        mark(session, five_and_five[-1])
    body = says(lead)[1]
    assert body.count(STARTED_WITH) == len(told) and "(6 people)" not in body, "as the version tells it"
    again = reports.publish(cohort=cohort, by=lead)
    assert STARTED_WITH not in browser_of(lead).get(again.get_absolute_url()).content.decode()


def test_nor_is_it_told_any_more_when_somebody_has_withdrawn(says, lead, cohort, report, five_and_five, no_pdf):
    reports.publish(cohort=cohort, by=lead)
    assert STARTED_WITH in says(lead)[1]
    withdraw(caregiver=five_and_five[0].caregiver, kind="evaluation")
    assert STARTED_WITH not in says(lead)[1]
