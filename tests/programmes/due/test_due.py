"""What is due: whose, in which order, of which groups, in how many queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from caregivers.models import FollowUp
from programmes.due.queries import due, name
from tests.factories import CaregiverFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(cohort, now):
    """`call("Beth", in_days=-2, owner=lead)`: a call that is due."""

    def make(name="Beth Okoro", in_days=None, owner=None, of=cohort, **values):
        person = CaregiverFactory(name=name)
        person.referrals.create(
            cohort=of, source="hub", received_on=timezone.localdate(now), contacted_on=timezone.localdate(now)
        )
        by = None if in_days is None else timezone.localdate(now) + timedelta(days=in_days)
        values = {"kind": "call", "reason": "offered", "offered_on": timezone.localdate(now), **values}
        return FollowUp.objects.create(caregiver=person, cohort=of, due_on=by, owner=owner, **values)

    return make


def codes(everything):
    return [task.code for task in everything.tasks]


def test_what_is_overdue_comes_first_then_by_day_then_what_has_none(call, facilitator, now):
    later, none, late, earlier = call(in_days=3), call(), call(in_days=-1), call(in_days=-9)
    assert codes(due(facilitator, now)) == [earlier.code, late.code, later.code, none.code]


def test_of_one_day_mine_comes_first_then_nobodys(call, lead, facilitator, now):
    theirs, nobodys, mine = call(in_days=2, owner=facilitator), call(in_days=2), call(in_days=2, owner=lead)
    assert codes(due(lead, now)) == [mine.code, nobodys.code, theirs.code]


def test_what_a_colleague_has_taken_on_is_theirs_until_it_is_overdue(call, lead, facilitator, now):
    call(in_days=2, owner=lead)
    late = call(in_days=-1, owner=lead)
    assert codes(due(facilitator, now)) == [late.code]


def test_what_is_due_today_is_not_overdue(call, facilitator, now):
    call(in_days=0)
    (task,) = due(facilitator, now).tasks
    assert task.is_today and not task.overdue


def test_it_is_asked_for_one_group_as_for_all(call, facilitator, cohort, other_cohort, now):
    other_cohort.team.create(user=facilitator, job="facilitator")
    here, there = call(in_days=-2), call(in_days=-1, of=other_cohort)
    every = due(facilitator, now)
    assert codes(every) == [here.code, there.code]
    assert every.by_group == every.overdue_by_group == {cohort.pk: 1, other_cohort.pk: 1}
    assert codes(due(facilitator, now, cohort)) == [here.code]


def test_another_teams_groups_and_those_who_may_not_call_see_nothing(
    call, other_facilitator, parent, manager, safeguarding, evaluator, administrator, now
):
    call(in_days=-2)
    for user in (other_facilitator, parent, manager, safeguarding, evaluator, administrator):
        assert not [task for task in due(user, now).tasks if task.source], user


def test_a_task_says_what_whom_where_and_by_when(call, facilitator, cohort, now):
    made = call(in_days=-2, owner=facilitator)
    (task,) = due(facilitator, now).tasks
    assert (task.words, task.url, task.name) == ("Call", made.get_absolute_url(), "")
    assert name([task], facilitator) == [task]
    assert (task.name, task.caregiver, task.cohort.name) == ("Beth", made.caregiver, cohort.name)
    assert (task.owner.name, task.due, task.overdue) == (facilitator.name, made.due_on, True)


def test_two_who_are_called_the_same_are_told_apart_also_where_one_alone_is_due(call, facilitator, cohort, now):
    CaregiverFactory(cohort=cohort, name="Beth Other", check_outcome="clear")
    call()
    tasks = due(facilitator, now).tasks
    assert next(one for one in name(tasks, facilitator) if one.source.slug == "calls").name != "Beth"


def test_who_may_not_see_people_is_given_no_name(call, facilitator, manager, now):
    call()
    tasks = due(facilitator, now).tasks
    assert name(tasks, manager) == [] and tasks[0].name == ""


def test_a_group_that_ended_long_ago_keeps_no_calls(call, facilitator, cohort, now):
    call(in_days=-60)
    session = SessionFactory(cohort=cohort, number=1, starts_at=now - timedelta(weeks=3), closed_at=now)
    assert "calls" in {task.source.slug for task in due(facilitator, now).tasks}
    session.starts_at = now - timedelta(weeks=5)
    session.save()
    assert due(facilitator, now).tasks == []


def test_it_is_one_query_for_a_group_or_many(call, facilitator, django_assert_num_queries, now):
    call()
    for many in range(2):
        with django_assert_num_queries(1):
            due(facilitator, now)
        for _n in range(4 * (not many)):
            call()
    tasks = due(facilitator, now).tasks
    with django_assert_num_queries(1):
        name(tasks, facilitator)
