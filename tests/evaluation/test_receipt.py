"""The receipt of a consent that was taken back names the reports that came out while it stood."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from caregivers.actions import agree, make_own_page, withdraw
from evaluation import actions
from evaluation.models import ReportVersion
from evaluation.overview import left_behind
from ppg import audit
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(places):
    return places[0].caregiver


@pytest.fixture
def version(answered, report, cohort, lead, person) -> ReportVersion:
    person.consents.update(at=timezone.now() - timedelta(days=50))
    return actions.publish(cohort=cohort, by=lead, at=timezone.now() - timedelta(days=3))


def day(moment):
    return date_format(timezone.localdate(moment), "j F Y")


def receipt(stranger, person, cohort, kind="evaluation"):
    token = make_own_page(caregiver=person, cohort=cohort, by=None)
    return stranger.post(reverse("own_withdraw", args=[token, kind]), follow=True).text


def test_a_report_that_came_out_is_named_with_its_date(stranger, version, person, cohort):
    text = receipt(stranger, person, cohort)
    assert f"A report that came out on {day(version.published_at)}." in text
    assert "We mark these reports as out of date" in text
    assert cohort.name not in text and "Peer Parent" not in text


def test_a_download_is_told_with_its_last_date(stranger, version, person, cohort, manager):
    audit.record(manager, audit.Verb.DOWNLOADED, version, cohort=cohort)
    told = day(AuditEntry.objects.get(verb="downloaded").at)
    assert f"the last one we know of on {told}" in receipt(stranger, person, cohort)


def test_staff_see_the_same_receipt(browser_of, lead, version, person):
    page = browser_of(lead).post(reverse("caregivers:withdraw", args=[person.code, "evaluation"]), follow=True)
    assert f"A report that came out on {day(version.published_at)}." in page.text


def test_what_came_out_before_they_said_yes_or_after_they_took_it_back_is_not_theirs(version, person, cohort, lead):
    now = timezone.now()
    assert len(left_behind(person, "evaluation", now)) == 1
    withdraw(caregiver=person, kind="evaluation", at=now - timedelta(days=4))
    assert left_behind(person, "evaluation", now - timedelta(days=4)) == []
    agree(caregiver=person, kind="quotes")
    assert left_behind(person, "quotes", now) == []


def test_nothing_came_out_and_the_receipt_says_so_in_general(stranger, places, person, cohort):
    text = receipt(stranger, person, cohort)
    assert "A report that came out" not in text and "Numbers that were printed or sent before now" in text


def test_other_peoples_groups_and_other_consents_are_not_in_it(stranger, version, person, cohort):
    assert "A report that came out" not in receipt(stranger, person, cohort, kind="chat")
