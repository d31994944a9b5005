"""One statement, made once for a role, says of everybody what their own queries would."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ppg.access.permissions import Role, can
from programmes.due.queries import _rows, ask, due
from programmes.due.sources import sources
from programmes.models import TeamMember
from tests.factories import CohortFactory, UserFactory
from tests.guards.records import records_of
from tests.guards.rows import STATES, add_rows

pytestmark = pytest.mark.django_db


def directly(user, now, cohort=None):
    """Source by source, each with the real person, group and time."""
    asked = ask(user, now, timezone.localdate(now), cohort.pk if cohort else None)
    mine = [one for one in sources if can(user, one.needs) and (cohort is None or one.cohort is not None)]
    return sorted((one.slug, row[3]) for one in mine for row in _rows(one, asked))


def said(user, now, cohort=None):
    return sorted((task.source.slug, task.code) for task in due(user, now, cohort).tasks if task.source)


@pytest.fixture
def groups(now):
    """Two, with rows of every kind in every state; a person of each role is in the team of both, and one in none."""
    people = [UserFactory(role=role) for role in Role for _twice in range(2)]
    made = []
    for number, name in enumerate(("Here", "There")):
        cohort = CohortFactory(name=name, places=1000, team=[UserFactory(role="lead"), people[0]])
        add_rows(cohort, records_of(cohort), range(number * STATES, (number + 1) * STATES))
        TeamMember.objects.bulk_create(TeamMember(cohort=cohort, user=one, job="facilitator") for one in people[2::2])
        made.append(cohort)
    return people, made


def test_it_says_the_same_as_each_source_for_each_role_at_any_time(groups, now):
    people, cohorts = groups
    kinds = set()
    for at in (now + timedelta(days=days) for days in (-40, 0, 20)):
        for user in people:
            kinds |= {slug for slug, _code in said(user, at)}
            assert said(user, at) == directly(user, at), (user.role, at)
            assert said(user, at, cohorts[1]) == directly(user, at, cohorts[1]), (user.role, at)
    assert len(kinds) > 12


def test_who_is_blocked_has_nothing_to_do(groups, now):
    people, _cohorts = groups
    assert said(people[0], now)
    people[0].is_active = False
    assert said(people[0], now) == []
