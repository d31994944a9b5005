"""The two people who count the cards that were left over."""

from __future__ import annotations

from caregivers.models import Place
from evaluation.cards import actions
from evaluation.models import CardSheet
from feedback.counting_out.actions import Counted
from programmes.models import Cohort
from tests.factories import UserFactory


def counted_out(cohort: Cohort, left: int | None = None, people: int | None = None) -> CardSheet:
    """They say the same; by themselves, that everybody in the group was there and drew a card."""
    sheet = CardSheet.objects.get(cohort=cohort)
    there = Place.objects.filter(cohort=cohort).in_group().count() if people is None else people
    over = sheet.made - there if left is None else left
    came_to = [actions.count(cohort=cohort, left=over, people=there, by=UserFactory()) for _ in range(2)]
    assert came_to == [Counted.ONCE, Counted.AGREED]
    sheet.refresh_from_db()
    return sheet
