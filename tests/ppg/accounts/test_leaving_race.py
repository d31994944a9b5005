"""Handing over at the same moment as something else, on whichever database the tests run."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.models import AuditEntry, User
from programmes.checklist import actions as checklist
from programmes.checklist.lines import lines
from programmes.models import Cohort, TeamMember
from programmes.team import actions as team
from tests.factories import CohortFactory, PlaceFactory, UserFactory
from tests.races import THREADS, at_once, meet_after, numbered, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def groups(cohort, lead, facilitator):
    """Three groups, in each a call of the facilitator's."""
    made = [cohort, *(CohortFactory(team=[lead, facilitator]) for _ in range(2))]
    for group in made:
        person = PlaceFactory(cohort=group).caregiver
        follow_ups.offer(caregiver=person, cohort=group, kind="call", owner=facilitator, by=None)
    return made


@pytest.fixture
def people(db):
    return [UserFactory(role=Role.FACILITATOR) for _ in range(4)]


def to(user: User, person: User) -> dict[str, User]:
    """Everything of the first goes to the second."""
    return {one.key: person for one in leaving.holdings(user)}


def block(user: User, choices: dict[str, User], by: User) -> None:
    """As an administrator's page does."""
    with transaction.atomic():
        leaving.hand_over(user=user, choices=choices, by=by)
        User.objects.filter(pk=user.pk).update(is_active=False)


def all_hand_over(
    user: User, by: User, monkeypatch: Any, number: int = THREADS, **kwargs: Any
) -> tuple[list[User], list[Any]]:
    """So many administrators give what they have to as many people; everybody has read the account before anybody
    writes."""
    people = [UserFactory(role=Role.FACILITATOR) for _ in range(number)]
    keys = [one.key for one in leaving.holdings(user)]
    choices = [dict.fromkeys(keys, person) for person in people]
    meet_after(monkeypatch, leaving, "hold", number)
    hand_over = partial(leaving.hand_over, user=user, by=by)
    return people, at_once(*[partial(hand_over, choices=choice) for choice in choices], **kwargs)


def test_of_twenty_who_hand_it_over_at_once_one_does(administrator, facilitator, groups, monkeypatch):
    people, results = all_hand_over(facilitator, administrator, monkeypatch)
    assert not refusals(results)
    assert sorted(len(one) for one in results) == [0] * (THREADS - 1) + [3]
    (new,) = {row.owner for row in FollowUp.objects.all()}
    assert new in people and leaving.holdings(facilitator) == []
    joined = TeamMember.objects.filter(user__in=people, left_on=None)
    assert {(row.user, row.job) for row in joined} == {(new, "facilitator")} and joined.count() == 3
    assert AuditEntry.objects.filter(fields=["owner"]).count() == 3


@only_postgresql
def test_without_the_locks_several_take_it_over(administrator, facilitator, groups, monkeypatch):
    without_locks(monkeypatch, User, Cohort, FollowUp)
    people, _results = all_hand_over(facilitator, administrator, monkeypatch, 4, faults=True)
    joined = TeamMember.objects.filter(user__in=people, left_on=None)
    assert joined.values("user").distinct().count() > 1


def test_whoever_is_blocked_at_the_same_moment_ends_up_with_nothing(administrator, facilitator, groups, people):

    def press(n: int, taker: User, choices: dict[str, User]) -> None:
        if n:
            block(taker, {}, administrator)
        else:
            leaving.hand_over(user=facilitator, choices=choices, by=administrator)

    for taker in people:
        results = at_once(*numbered(2, partial(press, taker=taker, choices=to(facilitator, taker))))
        assert len(refusals(results)) == 1
        taker.refresh_from_db()
        assert bool(taker.teams.filter(left_on=None)) == taker.is_active
        if taker.is_active:
            assert leaving.holdings(facilitator) == []
            break


def test_two_who_are_handed_over_to_each_other_do_not_wait_for_ever(administrator, facilitator, groups, people, lead):
    other = people[0]

    def press(n: int, presses: list[tuple[User, dict[str, User]]]) -> None:
        block(*presses[n % 2], administrator)

    for group in groups:
        TeamMember.objects.create(cohort=group, user=other, job="facilitator")
    for _ in range(3):
        presses = [(facilitator, to(facilitator, other)), (other, to(other, facilitator))]
        refusals(at_once(*numbered(4, partial(press, presses=presses))))
        assert User.objects.filter(pk__in=[facilitator.pk, other.pk], is_active=True).count() == 1
        active = facilitator if User.objects.get(pk=facilitator.pk).is_active else other
        assert {row.owner for row in FollowUp.objects.all()} == {active}
        User.objects.update(is_active=True)
        for group in groups:
            for user in (facilitator, other):
                TeamMember.objects.get_or_create(cohort=group, user=user, left_on=None, defaults={"job": "facilitator"})


def test_what_is_given_to_them_at_the_same_moment_is_not_left_behind(administrator, facilitator, lead, groups):
    line = lines["group-advertised"]
    calls = [
        follow_ups.offer(caregiver=PlaceFactory(cohort=group).caregiver, cohort=group, kind="call", by=None)
        for group in groups
    ]
    choices = to(facilitator, lead)
    number = count()

    def press(n: int) -> None:
        group = groups[n % 3]
        if n == 0:
            leaving.hand_over(user=facilitator, choices=choices, by=administrator)
        elif n < 4:
            checklist.plan(cohort=group, line=line, owner=facilitator, due_on=None, by=lead)
        elif n < 7:
            follow_ups.plan(follow_up=calls[n % 3], owner=facilitator, due_on=None, by=lead)
        else:
            person = PlaceFactory(cohort=group, seat=50 + next(number)).caregiver
            follow_ups.offer(caregiver=person, cohort=group, kind="call", owner=facilitator, by=lead)

    results = at_once(*numbered(10, press))
    refusals(results)
    if isinstance(results[0], Refused):  # something new had come in a group: pressed again it goes
        leaving.hand_over(user=facilitator, choices=to(facilitator, lead), by=administrator)
    assert leaving.holdings(facilitator) == []
    assert not FollowUp.objects.filter(owner=facilitator).exists()


def test_the_lead_is_handed_over_while_the_other_lead_leaves(administrator, lead, cohort):
    """Of the two one stays: a group is never without a lead."""

    def press(n: int, goes: User, other: User) -> None:
        if n:
            team.leave(cohort=cohort, user=other, by=administrator)
        else:
            leaving.hand_over(user=goes, choices={}, by=administrator)

    for _ in range(4):
        goes, other = team.members(cohort)[0].user, UserFactory(role=Role.LEAD)
        team.join(cohort=cohort, user=other, job="lead", by=administrator)
        assert len(refusals(at_once(*numbered(2, partial(press, goes=goes, other=other))))) == 1
        assert len([one for one in team.members(cohort) if one.job == "lead"]) == 1
