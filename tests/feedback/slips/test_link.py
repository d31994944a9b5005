"""The weaker way: by the group's link alone, chosen by its lead for forms that are still to be opened."""

from __future__ import annotations

import pytest
from django.urls import reverse

from feedback.asking import actions as asking
from feedback.models import Form, OpenLink, Submission
from ppg.models import AuditEntry
from tests.factories import SessionFactory
from tests.feedback.factories import answered, by_link, came, closed, opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort):
    return reverse("feedback:link", args=[cohort.code])


def test_the_lead_chooses_it_and_takes_it_back(browser_of, lead, cohort, url):
    browser = browser_of(lead)
    before = opened_form(cohort)
    assert browser.post(url, {"link": "yes"}).url == url
    assert "answers by the link alone" in browser.get(url).text
    linked = asking.open_form(session=SessionFactory(cohort=cohort), by=None)
    assert browser.post(url, {"link": "no"}).url == url
    after = asking.open_form(session=SessionFactory(cohort=cohort), by=None)
    assert [form.slips for form in Form.objects.order_by("pk")] == [True, False, True] == [
        before.slips, linked.slips, after.slips,
    ]  # fmt: skip
    assert not OpenLink.objects.exists()
    assert [entry.verb for entry in AuditEntry.objects.filter(what="openlink", user=lead)] == ["changed", "created"]


def test_chosen_twice_it_is_chosen_once(browser_of, lead, url):
    for _ in range(2):
        browser_of(lead).post(url, {"link": "yes"})
    assert OpenLink.objects.count() == 1 and AuditEntry.objects.filter(what="openlink").count() == 1
    page = browser_of(lead).post(url, {})
    assert page.status_code == 422 and "Choose yes or no" in page.text


def test_only_the_lead_chooses(browser_of, facilitator, parent, administrator, other_facilitator, url):
    for user in (facilitator, parent, administrator, other_facilitator):
        assert browser_of(user).post(url, {"link": "yes"}).status_code == 403
    assert not OpenLink.objects.exists()


def test_results_open_with_another_session_and_never_alone(cohort):
    first, second = (opened_form(by_link(cohort)) for _ in range(2))
    for form in (first, second):
        answered(form, 8 if form == first else 1)
        came(form, 8)
        asking.close_form(form=form, by=None)
        assert Submission.objects.count() == (0 if form == first else 9)


def test_more_answers_than_people_count_for_nothing(cohort):
    first, second = (opened_form(by_link(cohort)) for _ in range(2))
    answered(first, 6)
    came(first, 5)
    answered(second, 4)
    came(second, 5)
    for form in (first, second):
        asking.close_form(form=form, by=None)
    assert not Submission.objects.exists()


def test_the_page_of_the_team_says_so(browser_of, lead, cohort):
    form = opened_form(by_link(cohort))
    page = reverse("feedback:session", args=[form.session.code])
    assert "answered by the link alone" in browser_of(lead).get(page).text
    closed(form)
    assert "Its answers came by the link" in browser_of(lead).get(page).text
