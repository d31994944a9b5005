"""What is owed an answer at a recap, and what there is to tell at it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback import checklist, prepare
from feedback.models import Suggestion
from tests.factories import SessionFactory
from tests.feedback.suggestions.suggested import answered, made

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(cohort):
    return reverse("feedback:suggestions", args=[cohort.code])


@pytest.fixture
def tonight(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=timezone.now() + timedelta(hours=6))


def prepare_page(browser, session) -> str:
    return browser.get(reverse("sessions:prepare", args=[session.code])).text


def test_the_page_before_a_session_says_what_is_owed_and_what_there_is_to_tell(
    browser_of, facilitator, lead, cohort, tonight
):
    browser = browser_of(facilitator)
    assert "You said, we did" not in prepare_page(browser, tonight)
    for _ in range(2):
        made(cohort, lead)
    answered(made(cohort, lead), lead)
    answered(made(cohort, lead), lead, told_as="", why="Between us")
    page = prepare_page(browser, tonight)
    assert "2 suggestions are owed an answer" in page
    assert "You said: “Tea would be nice” We did it: There is a kettle now" in page and "Between us" not in page


def test_what_its_recap_did_not_answer_is_owed_at_every_later_one(browser_of, lead, cohort, tonight):
    made(cohort, lead)
    later = SessionFactory(cohort=cohort, number=4, starts_at=timezone.now() + timedelta(days=7))
    assert "1 suggestion is owed an answer" in prepare_page(browser_of(lead), later)
    made(cohort, lead, at=tonight.starts_at)  # asked for after tonight
    assert "1 suggestion is owed an answer" in prepare_page(browser_of(lead), tonight)
    assert "2 suggestions are owed an answer" in prepare_page(browser_of(lead), later)


def test_a_late_answer_is_told_at_the_next_recap(lead, cohort, tonight):
    later = SessionFactory(cohort=cohort, number=4, starts_at=timezone.now() + timedelta(days=7))
    one = answered(made(cohort, lead), lead, at=tonight.starts_at + timedelta(days=1))
    assert one.recap == later
    assert list(prepare.for_recap(later, lead)) and not list(prepare.for_recap(tonight, lead))


def test_a_cancelled_session_has_no_recap(lead, cohort, tonight):
    tonight.cancelled_at = timezone.now()
    tonight.save()
    later = SessionFactory(cohort=cohort, number=4, starts_at=timezone.now() + timedelta(days=7))
    assert made(cohort, lead).recap == later


def test_after_the_last_session_it_is_owed_on_the_page_alone(browser_of, lead, cohort, url):
    assert made(cohort, lead).recap is None
    assert "no session follows" in browser_of(lead).get(url).text


def test_a_parent_who_helps_and_another_group_read_nothing_of_it(parent, other_facilitator, lead, cohort, tonight):
    made(cohort, lead)
    for user in (parent, other_facilitator):
        assert list(prepare.for_recap(tonight, user)) == []
        assert not Suggestion.objects.visible_to(user).exists()


def test_the_checklist_tells_how_many_were_answered(lead, cohort):
    made(cohort, lead)
    assert checklist.reviewed(cohort) == ""
    answered(made(cohort, lead), lead)
    assert checklist.reviewed(cohort) == "1 suggestion of theirs was answered."
