"""What is due for the evaluation, and that it goes when it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluation.models import ReportVersion, Wave
from evaluation.rounds.actions import open_wave
from tests.due import kinds
from tests.factories import SessionFactory
from tests.guards.records import published

pytestmark = pytest.mark.django_db
WEEK = timedelta(weeks=1)


@pytest.fixture
def slugs(now, cohort):
    ours = {"asking-before", "asking-after", "asking-later", "reports", "reports-late"}
    return lambda user: [slug for slug in kinds(user, now, cohort) if slug in ours]


def test_answers_before_are_asked_for_around_the_first_session(slugs, facilitator, parent, cohort, now):
    first = SessionFactory(cohort=cohort, number=1, starts_at=now + 3 * WEEK)
    SessionFactory(cohort=cohort, number=2, starts_at=now + 4 * WEEK)
    assert slugs(facilitator) == []
    first.starts_at = now + WEEK
    first.save()
    assert slugs(facilitator) == ["asking-before"] and slugs(parent) == []
    open_wave(cohort=cohort, point=Wave.Point.BEFORE, by=facilitator)
    assert slugs(facilitator) == []


def test_answers_after_and_later_are_asked_for_where_they_can_be_compared(slugs, facilitator, cohort, now):
    last = SessionFactory(cohort=cohort, number=6, starts_at=now - 2 * WEEK)
    assert slugs(facilitator) == []
    open_wave(cohort=cohort, point=Wave.Point.BEFORE, by=facilitator)
    assert slugs(facilitator) == ["asking-after"]
    open_wave(cohort=cohort, point=Wave.Point.AFTER, by=facilitator)
    assert slugs(facilitator) == []
    last.starts_at = now - 14 * WEEK
    last.save()
    assert slugs(facilitator) == ["asking-later"]
    open_wave(cohort=cohort, point=Wave.Point.LATER, by=facilitator)
    assert slugs(facilitator) == []


def test_a_report_is_due_four_weeks_after_the_last_session(slugs, lead, facilitator, manager, cohort, now):
    last = SessionFactory(cohort=cohort, number=6, starts_at=now - 4 * WEEK + timedelta(hours=1))
    assert slugs(lead) == ["reports"] and slugs(facilitator) == slugs(manager) == []
    last.starts_at = now - 4 * WEEK - timedelta(hours=1)
    last.save()
    assert slugs(lead) == ["reports"] and slugs(manager) == ["reports-late"]
    version = published(cohort)
    assert slugs(lead) == slugs(manager) == []
    ReportVersion.objects.filter(pk=version.pk).update(superseded_at=now)
    assert slugs(lead) == ["reports"], "somebody has withdrawn: a next version is due"


def test_no_report_is_due_while_the_group_meets_or_years_after_it_did(slugs, lead, manager, cohort, now):
    last = SessionFactory(cohort=cohort, number=6, starts_at=now - 53 * WEEK)
    assert slugs(lead) == slugs(manager) == []
    last.starts_at = now + WEEK
    last.save()
    SessionFactory(cohort=cohort, number=1, starts_at=now - 5 * WEEK)
    assert slugs(lead) == slugs(manager) == []
