"""A team that many leave and come into at the same moment, on whichever database the tests run."""

from __future__ import annotations

import pytest

from ppg.access.permissions import Role
from programmes.models import Cohort
from programmes.team import actions as team
from tests.factories import CohortFactory, UserFactory
from tests.races import THREADS, at_once, meet_after, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group() -> Cohort:
    return CohortFactory(team=[UserFactory(role=Role.LEAD) for _ in range(THREADS)])


def all_leave(group, monkeypatch):
    leads = [one.user for one in team.members(group)]
    meet_after(monkeypatch, team, "lock")
    return at_once(*[lambda lead=lead: team.leave(cohort=group, user=lead, by=lead) for lead in leads])


def test_of_twenty_leads_who_leave_at_once_one_stays(group, monkeypatch):
    (refused,) = refusals(all_leave(group, monkeypatch))
    (lead,) = team.members(group)
    assert str(refused) == f"{lead.user.name} is the only programme lead. Add another lead first."


@only_postgresql
def test_without_the_lock_they_all_leave(group, monkeypatch):
    without_locks(monkeypatch, Cohort)
    assert not refusals(all_leave(group, monkeypatch))
    assert not team.members(group)
