"""E2, E3: change from before the programme to three months after it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import withdraw
from evaluation.collecting import collect
from evaluation.disclosure.suppression import outside
from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, Scores
from evaluation.models import PseudonymKey, Response
from evaluation.reports import actions
from tests.evaluation.conftest import answered_again

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer_later(cohort):
    """`answer_later(places, level)`: three months later these people answer, and the round closes."""

    return lambda places, level=4: answered_again(cohort, places, level)


def page_of(cohort, client) -> str:
    return client.get(reverse("evaluation:figures", args=[cohort.code])).content.decode()


def test_answers_three_months_later_change_no_figure_of_before_and_after(cohort, answered, places, answer_later):
    figures = collect.shown(cohort, timezone.now())
    answer_later(places[:5])
    now = collect.shown(cohort, timezone.now())
    assert replace(now, domains=tuple(replace(domain, later=None) for domain in now.domains)) == figures


def test_change_until_three_months_later_is_told_from_five_people(
    cohort, answered, places, answer_later, browser_of, lead
):
    answer_later(places[:6], level=2)  # who had 0, 1, 2, 0, 1, 2 before
    later = collect.shown(cohort, timezone.now()).domains[0].later
    assert (later.pairs, later.median, later.better, later.same, later.worse) == (6, 1, 4, 2, 0)
    page = page_of(cohort, browser_of(lead))
    assert "Three months later 6 people who had answered before answered again" in page
    assert "Better for 4, the same for 2, worse for 0." in page


def test_four_who_answered_three_months_later_are_too_few(cohort, answered, places, answer_later, browser_of, lead):
    answer_later(places[:4])
    later = collect.shown(cohort, timezone.now()).domains[0].later
    assert (later.pairs, later.median, later.better, later.held) == (4, None, None, "few")
    assert "Three months later fewer than 5 people answered again: too few to say." in page_of(cohort, browser_of(lead))


def test_after_a_withdrawal_what_was_told_of_three_months_later_is_held_back(cohort, answered, places, answer_later):
    answer_later(places[1:])
    assert collect.shown(cohort, timezone.now()).domains[0].later.pairs == 7
    withdraw(caregiver=places[-1].caregiver, kind="evaluation")  # who never answered after, only before and later
    now = collect.shown(cohort, timezone.now()).domains[0]
    assert now.change.better == 7, "these are the same people as before"
    assert (now.later.pairs, now.later.median, now.later.held) == (6, None, "differs")


def test_a_version_published_with_it_is_compared_with_too(cohort, published, places, answer_later, lead):
    answer_later(places[:6])
    actions.publish(cohort=cohort, by=lead)
    take_out = PseudonymKey.objects.get(place=places[0])  # as if one answer had gone by another way
    Response.objects.filter(wave__point="later", pseudonym=take_out.pseudonym).delete()
    assert collect.shown(cohort, timezone.now()).domains[0].later.held == "differs"


def test_over_many_groups_each_direction_is_enough_people():
    def row(n: int) -> PersonRow:
        before, later = Scores({"wellbeing": 1.0}), Scores({"wellbeing": 2.0 if n < 12 else 0.0})
        return PersonRow("hub", attended=frozenset({1, 2, 3, 4}), before=before, after=later, later=later)

    wellbeing = [DomainSpec("wellbeing", "Wellbeing", 0, 4)]
    told = outside(figures(people=map(row, range(24)), sessions=[], domains=wellbeing, cohorts=3)).domains[0].later
    assert (told.pairs, told.median, told.better, told.worse) == (24, 0, 12, 12)
    told = outside(figures(people=map(row, range(15)), sessions=[], domains=wellbeing, cohorts=2)).domains[0].later
    assert (told.pairs, told.median, told.better, told.worse) == (15, 1, None, None)
    told = outside(figures(people=map(row, range(9)), sessions=[], domains=wellbeing, cohorts=2)).domains
    assert told == ()
