"""The receipt of a consent that was taken back names what came out, or was taken along, while it stood."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from caregivers.consents.actions import agree, withdraw
from caregivers.links.actions import make_own_page
from evaluation.across import actions as across
from evaluation.across import jobs as across_jobs
from evaluation.across import redrawing
from evaluation.cards import actions as cards_actions
from evaluation.data import actions as data
from evaluation.models import AcrossReport, ReportVersion
from evaluation.reports import actions as reports
from evaluation.reports import jobs
from evaluation.withdrawing.receipt import consent_lines
from ppg.audit_trail import audit, database_grants
from ppg.links import typed_codes as cards
from ppg.models import AuditEntry
from tests.guards.test_reading_age import MOST, grade, sentences

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture
def person(places):
    return places[0].caregiver


@pytest.fixture
def version(answered, report, cohort, lead, person) -> ReportVersion:
    person.consents.update(at=timezone.now() - timedelta(days=50))
    return reports.publish(cohort=cohort, by=lead, at=timezone.now() - timedelta(days=3))


def day(moment):
    return date_format(timezone.localdate(moment), "j F Y")


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


def receipt(stranger, person, cohort, kind="evaluation"):
    token = make_own_page(caregiver=person, cohort=cohort, by=None)
    return stranger.post(reverse("own_withdraw", args=[token, kind]), follow=True).text


def test_a_report_that_came_out_is_named_with_its_date(stranger, version, person, cohort):
    text = receipt(stranger, person, cohort)
    assert f"A report that came out on {day(version.published_at)}." in text
    assert "We mark all of this as out of date" in text
    assert cohort.name not in text and "Peer Parent" not in text


def test_a_download_is_told_with_its_last_date(stranger, version, person, cohort, manager):
    audit.record(manager, audit.Verb.DOWNLOADED, version, cohort=cohort)
    told = day(AuditEntry.objects.get(verb="downloaded").at)
    assert f"The last one we know of was on {told}" in receipt(stranger, person, cohort)


def test_staff_see_the_same_receipt(browser_of, lead, version, person):
    page = browser_of(lead).post(reverse("caregivers:withdraw", args=[person.code, "evaluation"]), follow=True)
    assert f"A report that came out on {day(version.published_at)}." in page.text


def test_what_came_out_before_they_said_yes_is_not_theirs(version, person):
    assert len(consent_lines(person, "evaluation", timezone.now())) == 1
    agree(caregiver=person, kind="quotes")
    assert consent_lines(person, "quotes", timezone.now()) == []


def test_what_came_out_after_they_took_it_back_is_not_theirs(answered, report, person, cohort, lead):
    person.consents.update(at=days_ago(50))
    last = withdraw(caregiver=person, kind="evaluation", at=days_ago(4))
    reports.publish(cohort=cohort, by=lead, at=days_ago(3))
    withdraw(caregiver=cohort.place_set.last().caregiver, kind="evaluation", at=days_ago(2))
    assert consent_lines(person, "evaluation", last.at) == []


def test_nothing_came_out_and_the_receipt_says_so_in_general(stranger, places, person, cohort):
    text = receipt(stranger, person, cohort)
    assert "A report that came out" not in text and "Numbers that were printed or sent before now" in text


def test_other_peoples_groups_and_other_consents_are_not_in_it(stranger, version, person, cohort):
    assert "A report that came out" not in receipt(stranger, person, cohort, kind="chat")


# --- Data that was taken along --------------------------------------------------------------------------


@pytest.fixture
def agreed(answered, person):
    """Fifty days ago."""
    person.consents.update(at=timezone.now() - timedelta(days=50))


@pytest.fixture
def take(cohort, lead):
    """`take(3)`: the lead took the group's data three days ago."""

    def taken(days: int) -> None:
        data.take_data(cohort=cohort, by=lead)
        with database_grants.lifted():
            QuerySet(AuditEntry).filter(pk=AuditEntry.objects.first().pk).update(at=days_ago(days))

    return taken


def test_data_that_was_taken_is_named_with_its_day_and_not_by_whom(stranger, agreed, person, cohort, take, lead):
    take(3)
    text = receipt(stranger, person, cohort)
    assert f"Data of the group, without names, was taken on {day(days_ago(3))}." in text
    assert "We mark all of this as out of date" in text
    assert lead.name not in text and cohort.name not in text


def test_data_that_was_taken_often_is_one_line(agreed, person, take):
    for days in (9, 3, 6):
        take(days)
    told = f"was taken 3 times. The last time we know of was {day(days_ago(3))}."
    assert consent_lines(person, "evaluation", timezone.now()) == [f"Data of the group, without names, {told}"]


def test_data_taken_before_they_said_yes_or_after_they_took_it_back_is_not_theirs(agreed, person, take):
    take(60)
    take(2)
    assert consent_lines(person, "evaluation", days_ago(3)) == []
    assert len(consent_lines(person, "evaluation", timezone.now())) == 1


def test_nobodys_words_are_in_data(version, person, take):
    agree(caregiver=person, kind="quotes", at=days_ago(20))
    take(3)
    assert len(consent_lines(person, "quotes", timezone.now())) == 1
    assert len(consent_lines(person, "evaluation", timezone.now())) == 2


# --- Reports over several groups ------------------------------------------------------------------------


@pytest.fixture
def over(manager, monkeypatch):
    """`over()`: a report over all groups is ready."""
    for module in (across_jobs, jobs, redrawing):
        monkeypatch.setattr(module, "render_pdf", lambda html: b"%PDF " + html.encode())

    def make() -> AcrossReport:
        days = {"from_on": timezone.localdate() - timedelta(days=365), "until_on": timezone.localdate()}
        report = across.ask(by=manager, area="", programme=None, **days)
        across_jobs.make.call(report.code)
        report.refresh_from_db()
        return report

    return make


def test_a_report_over_several_groups_is_named_and_so_are_its_copies(agreed, person, over, manager):
    report = over()
    told = f"A report over several groups that came out on {day(report.finished_at)}."
    assert consent_lines(person, "evaluation", timezone.now()) == [f"{told} Somebody may have printed it."]
    audit.record(manager, audit.Verb.DOWNLOADED, report)
    copies = f"Copies of it were made. The last one we know of was on {day(timezone.now())}."
    assert consent_lines(person, "evaluation", timezone.now()) == [f"{told} {copies}"]


def test_whoever_withdraws_later_finds_it_on_their_receipt_too(
    agreed, places, over, django_capture_on_commit_callbacks
):
    over()
    for place in places[:2]:
        with django_capture_on_commit_callbacks(execute=True):
            last = withdraw(caregiver=place.caregiver, kind="evaluation")
        for _opened in range(2):
            (line,) = consent_lines(place.caregiver, "evaluation", last.at)
            assert line.startswith("A report over several groups")


def test_one_that_is_made_without_them_is_not_theirs(agreed, person, over):
    last = withdraw(caregiver=person, kind="evaluation")
    over()
    assert consent_lines(person, "evaluation", last.at) == []


def test_one_that_had_read_them_and_was_being_drawn_is_named_once_it_is_ready(agreed, person, over, monkeypatch):
    taken_back = []

    def drawn_slowly(html: str) -> bytes:
        taken_back.append(withdraw(caregiver=person, kind="evaluation"))
        assert consent_lines(person, "evaluation", taken_back[0].at) == []
        return b"%PDF"

    monkeypatch.setattr(across_jobs, "render_pdf", drawn_slowly)
    report = over()
    assert report.finished_at > taken_back[0].at and report.superseded_at
    assert len(consent_lines(person, "evaluation", taken_back[0].at)) == 1


# --- All of it ------------------------------------------------------------------------------------------


@pytest.fixture
def everything(agreed, report, cohort, lead, manager, take, over):
    """`everything()`: one more of each."""

    def make() -> None:
        audit.record(lead, audit.Verb.DOWNLOADED, reports.publish(cohort=cohort, by=lead), cohort=cohort)
        audit.record(manager, audit.Verb.DOWNLOADED, over())
        take(1)

    return make


def test_the_caregiver_and_staff_read_the_same(browser_of, stranger, lead, person, cohort, everything):
    everything()
    page = browser_of(lead).post(reverse("caregivers:withdraw", args=[person.code, "evaluation"]), follow=True)
    lines = consent_lines(person, "evaluation", person.consents.last().at)
    token = make_own_page(caregiver=person, cohort=cohort, by=None)
    own = stranger.get(reverse("own_receipt", args=[token, "evaluation"]))
    assert len(lines) == 3 and all(f"<li>{line}</li>" in html.text for line in lines for html in (page, own))


def test_many_are_as_few_lines_and_queries_as_one_and_as_easy_to_read(person, everything):
    def asked() -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            lines = consent_lines(person, "evaluation", timezone.now())
        assert not any('"figures"' in query["sql"] for query in queries)
        return len(queries), lines

    everything()
    one, lines = asked()
    everything()
    more, counted = asked()
    assert more == one <= 15 and len(lines) == len(counted) == 3
    assert counted[0].startswith("2 reports. The last one came out on")
    assert counted[1].startswith("2 reports over several groups. The last one came out on")
    assert all("Copies of them were made. The last one we know of was on" in line for line in counted[:2])
    assert grade(sentences(lines)) <= MOST and grade(sentences(counted)) <= MOST


# --- A card ---------------------------------------------------------------------------------------------


def test_the_card_that_is_taken_out_has_the_same_lines(stranger, both, codes, cohort, lead, over):
    over()
    data.take_data(cohort=cohort, by=lead)
    text = stranger.post(reverse("card_withdraw"), {"code": cards.printed(codes[0])}).text
    assert f"A report over several groups that came out on {day(timezone.now())}." in text
    assert f"Data of the group, without names, was taken on {day(timezone.now())}." in text
    assert "We mark all of this as out of date" in text and lead.name not in text and cohort.name not in text


def test_typed_again_later_it_is_not_told_of_what_came_out_since(stranger, both, codes, cohort, lead, over):
    cards_actions.withdraw_card(code=codes[0])
    over()
    data.take_data(cohort=cohort, by=lead)
    text = stranger.post(reverse("card_withdraw"), {"code": cards.printed(codes[0])}).text
    assert "over several groups" not in text and "Data of the group" not in text
    assert "Numbers that were printed or sent before now" in text
