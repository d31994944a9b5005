"""The checklist's lines for the time after the programme."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from feedback import checklist
from feedback.asking import actions as asking
from feedback.focus_group import actions as focus_group
from feedback.models import Form
from programmes.checklist import lines as every_line
from tests.factories import PlaceFactory, SessionFactory
from tests.feedback.factories import answered, closed

pytestmark = pytest.mark.django_db


@pytest.fixture
def last(cohort):
    """The last session was an hour ago."""
    return SessionFactory(cohort=cohort, number=6, starts_at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def form(cohort, last) -> Form:
    return asking.open_final_form(cohort=cohort, by=None)


def sentence_of(cohort) -> str:
    return checklist.asked(checklist.final_form(cohort)).sentence


def test_the_checklist_tells_a_number_only_once_the_answers_are_shown(cohort, last):
    for seat in range(1, 9):
        PlaceFactory(cohort=cohort, seat=seat)
    assert sentence_of(cohort) == "Not asked yet"
    form = asking.open_final_form(cohort=cohort, by=None)
    open_still = sentence_of(cohort)
    answered(form, *[{"whole": 4}] * 7)
    assert sentence_of(cohort) == open_still and open_still.startswith("Asked: open until")
    closed(form)
    assert sentence_of(cohort) == "7 of 8 people answered"


def test_closed_with_too_few_the_checklist_tells_no_number(cohort, form):
    answered(form, *[{"whole": 4}] * 4)
    closed(form)
    assert sentence_of(cohort) == "Asked, and closed"


def test_the_line_of_the_focus_group_ticks_itself(cohort, lead):
    assert not checklist.held(checklist.focus_groups(cohort)).complete
    focus_group.record(cohort=cohort, held_on=timezone.localdate(), people=5, notes="", by=lead)
    assert checklist.held(checklist.focus_groups(cohort)).complete


def test_four_lines_stand_after_the_programme_in_this_order():
    after = [line for line in every_line.lines if line.phase == every_line.Phase.AFTER]
    assert [line.slug for line in after] == ["feedback-after", "focus-group", "support-after", "evaluation-report"]
