"""What is due about what people say, and that it goes when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.asking import actions as asking
from feedback.counting_out import actions as counting
from feedback.models import Quote, Suggestion
from feedback.quotes import actions as quotes
from feedback.slips import actions as slips
from feedback.slips.queries import to_print
from feedback.suggestions import actions as suggestions
from tests.due import kinds
from tests.factories import CohortFactory, SessionFactory, UserFactory
from tests.feedback.factories import came, opened_form

pytestmark = pytest.mark.django_db
OURS = {"forms-to-open", "final-form", "forms-to-close", "slips-to-print", "slips-to-count", "suggestions", "quotes"}


@pytest.fixture
def slugs(now, cohort):
    return lambda user: [slug for slug in kinds(user, now, cohort) if slug in OURS]


def test_a_form_is_opened_once_its_session_has_begun(slugs, facilitator, parent, cohort, now):
    session = SessionFactory(cohort=cohort, number=1, starts_at=now + timedelta(minutes=1))
    SessionFactory(cohort=cohort, number=2, starts_at=now + timedelta(days=7))
    assert slugs(facilitator) == []
    session.starts_at = now
    session.save()
    assert slugs(facilitator) == ["forms-to-open"] and "forms-to-open" not in slugs(parent)
    asking.open_form(session=session, by=facilitator)
    assert slugs(facilitator) == []


def test_no_form_is_asked_for_once_the_next_session_has_begun(slugs, facilitator, cohort, now):
    SessionFactory(cohort=cohort, number=1, starts_at=now - timedelta(days=6))
    following = SessionFactory(cohort=cohort, number=2, starts_at=now - timedelta(hours=1))
    SessionFactory(cohort=cohort, number=3, starts_at=now + timedelta(days=6))
    assert slugs(facilitator) == ["forms-to-open"]
    asking.open_form(session=following, by=facilitator)
    assert slugs(facilitator) == []


def test_the_form_after_the_programme_is_due_from_the_last_session_on(slugs, facilitator, cohort, now):
    SessionFactory(cohort=cohort, number=6, starts_at=now - timedelta(days=8))
    assert slugs(facilitator) == ["final-form"]
    asking.open_final_form(cohort=cohort, by=facilitator)
    assert slugs(facilitator) == []


def test_a_form_is_closed_early_by_somebody_else_than_who_asked_or_opened(slugs, lead, facilitator, cohort, now):
    session = SessionFactory(cohort=cohort, number=1, starts_at=now - timedelta(hours=1))
    SessionFactory(cohort=cohort, number=2, starts_at=now + timedelta(days=6))
    form = asking.open_form(session=session, by=facilitator)
    third = UserFactory(role="facilitator")
    cohort.team.create(user=third, job="facilitator")
    asking.ask_to_close(form=form, by=third)
    assert slugs(lead) == ["forms-to-close"] and slugs(facilitator) == slugs(third) == []
    asking.close_early(form=form, by=lead, was_not_there=True)
    assert "forms-to-close" not in slugs(lead)


def test_slips_are_printed_by_who_may_and_counted_by_two(slugs, lead, parent, facilitator, cohort, now):
    session = SessionFactory(cohort=cohort, number=3, starts_at=now + timedelta(days=2))
    assert slugs(parent) == ["slips-to-print"] and slugs(facilitator) == []
    slips.make(cohort=cohort, session=session, by=parent)
    assert slugs(parent) == []
    form = opened_form(CohortFactory(team=[lead, parent]), number=1)
    came(form, 8)
    asking.close_form(form=form, by=None)
    assert "slips-to-count" in kinds(parent, now) and "slips-to-count" in kinds(lead, now)
    counting.count(form=form, left=72, people=8, by=parent)
    assert "slips-to-count" not in kinds(parent, now) and "slips-to-count" in kinds(lead, now)
    counting.count(form=form, left=71, people=8, by=lead)
    assert "slips-to-count" in kinds(parent, now), "they differ: both count once more"


def test_the_page_of_slips_and_what_is_due_say_the_same(slugs, parent, cohort, now):
    SessionFactory(cohort=cohort, number=3, starts_at=now + timedelta(days=2))
    SessionFactory(cohort=cohort, number=4, starts_at=now + timedelta(days=9))
    SessionFactory(cohort=cohort, number=5, starts_at=now + timedelta(days=16))
    assert len(slugs(parent)) == len([row for row in to_print(parent, now) if row.session]) == 2


def test_a_suggestion_is_owed_an_answer_by_the_next_recap(slugs, facilitator, parent, cohort, now):
    SessionFactory(cohort=cohort, number=2, starts_at=now + timedelta(days=3))
    suggestion = suggestions.add(cohort=cohort, text="Tea", way="spoken", caregiver=None, by=facilitator)
    assert "suggestions" in slugs(facilitator) and "suggestions" not in slugs(parent)
    suggestions.answer(
        suggestion=suggestion, became=Suggestion.Became.DID, why="Yes", told_as="", caregiver=None, by=facilitator
    )
    assert "suggestions" not in slugs(facilitator)


def test_a_quote_is_signed_off_by_a_second_person(slugs, lead, facilitator, cohort):
    quote = Quote.objects.create(cohort=cohort, words="It helped.", chosen_by=facilitator)
    assert slugs(lead) == ["quotes"] and slugs(facilitator) == []
    quotes.sign_off(quote=quote, seen=quotes.stamp(quote), by=lead)
    assert slugs(lead) == []
