"""Who goes, who may go on, and what is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from caregivers import follow_ups
from caregivers.models import Referral
from feedback import editing as questions
from feedback.questionnaires import session_feedback
from ppg.permissions import Role
from programmes import checklist, editing
from tests.factories import (
    CaregiverFactory,
    GuideFactory,
    SessionFactory,
    UserFactory,
)
from tests.guards.records import published
from tests.ppg.accounts.leaving.open_things import call_in


@pytest.fixture
def new_lead(db):
    return UserFactory(name="Nia Newlead", role=Role.LEAD)


@pytest.fixture
def new_facilitator(db):
    return UserFactory(name="Nat Newfacilitator", role=Role.FACILITATOR)


@pytest.fixture
def tasks(cohort, facilitator):
    """What the facilitator has open in the group, one of each kind, and a call they made."""
    call, made = call_in(cohort, facilitator), call_in(cohort, facilitator)
    follow_ups.record_outcome(follow_up=made, outcome="taken", by=facilitator)
    line = checklist.lines["group-advertised"]
    checklist.plan(cohort=cohort, line=line, owner=facilitator, due_on=None, by=facilitator)
    referral = CaregiverFactory(cohort=cohort).referrals.get()
    Referral.objects.filter(pk=referral.pk).update(owner=facilitator)
    return {"call": call, "made": made, "referral": referral}


@pytest.fixture
def over(cohort, lead, safeguarding):
    """The group has met for the last time, and its report is published."""
    SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=30))
    return published(cohort)


@pytest.fixture
def drafts(lead):
    guide = editing.start(guide=GuideFactory(title="Signs"), by=lead)
    return guide, questions.start(questionnaire=session_feedback(), by=lead)
