"""What is due for a team and about guides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from programmes.editing import actions as editing
from programmes.models import Guide, TeamMember
from programmes.support import actions as support
from tests.due import kinds
from tests.factories import GuideFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_support_that_was_offered_is_due_until_it_is_recorded(request, lead, manager, facilitator, cohort, now):
    today = timezone.localdate(now)
    member = TeamMember.objects.get(user=facilitator)
    made = support.record(member=member, kind="reflective", offered_on=today, by=lead)
    assert kinds(lead, now, cohort) == kinds(manager, now, cohort) == ["support"]
    for role in ("facilitator", "parent", "safeguarding", "other_facilitator"):
        assert kinds(request.getfixturevalue(role), now) == [], role
    support.change(support=made, offered_on=today, by=lead, held_on=today)
    assert kinds(lead, now, cohort) == kinds(manager, now, cohort) == []
    support.change(support=made, offered_on=today - timedelta(days=200), by=lead)
    assert kinds(lead, now, cohort) == [], "nobody remembers whether it was"


def test_a_draft_is_due_for_who_began_it_and_in_no_group(lead, facilitator, cohort, now):
    guide = GuideFactory()
    editing.start(guide=guide, by=lead)
    other = UserFactory(role="lead")
    assert kinds(lead, now, cohort) == ["drafts"] and kinds(other, now) == kinds(facilitator, now) == []
    Guide.versions.filter(state="draft").update(owner=other)
    assert kinds(lead, now, cohort) == [] and kinds(other, now) == ["drafts"]
