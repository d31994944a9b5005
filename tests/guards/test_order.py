"""Lists that people read have an order. Where rows are counted Django drops the model's own, and PostgreSQL then gives
them in whichever it likes."""

import pytest

from caregivers.models import Message
from programmes.models import Programme
from programmes.support.lines import team_facts
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_what_is_counted_is_in_order():
    assert Message.objects.with_counts().ordered
    assert Programme.objects.with_sessions().ordered


def test_the_team_of_a_checklist_is_in_the_order_it_came(cohort, django_assert_num_queries):
    cohort.team.create(user=UserFactory(), job="parent")
    with django_assert_num_queries(1) as asked:
        members = team_facts(cohort)
    assert [member.pk for member in members] == sorted(member.pk for member in members)
    assert "ORDER BY" in asked.captured_queries[0]["sql"]
