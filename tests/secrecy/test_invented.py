"""invented.py in small: whoever runs the group and reads its results makes answers up, to be left with one parent's."""

from __future__ import annotations

from random import Random

import pytest

from feedback.results.least_answers import least
from ppg.access.permissions import Role
from tests.secrecy.invented import judge, play, switched_off
from tests.secrecy.invented_group import Group, Outcome, Plan

pytestmark = pytest.mark.django_db(transaction=True)
MOVES = {"opened at once", "group made larger", "questions changed", "next session moved", "a colleague lies"}
BRIEF = Plan(takes=4, others=0, brief=True)


def test_by_slips_nobody_is_left_alone_whatever_the_attacker_tries():
    hurries = [
        Plan(takes=4, others=0, hurry="a colleague lies", evenings=1),
        Plan(role=Role.LEAD, hurry="next session moved"),  # back to its day, when the group above meets there too
    ]
    verdict = play(hurries, Random(3))
    assert verdict.alone == 0 and verdict.pages > 50
    assert set(verdict.played) == MOVES, "Each of these was taken by the product, and gained nothing."


def test_with_the_whole_guard_off_everybody_is_found_out_and_their_score_known():
    with switched_off("the whole guard"):
        outcomes = [Group(Random(seed), Plan(others=0, link=True, brief=True), least()).play() for seed in range(2)]
    assert all(one.alone and one.guess == one.truth for one in outcomes)


@pytest.mark.parametrize("guard", ["adding up", "counting out"])
def test_with_a_guard_off_slips_taken_from_the_bowl_leave_one_alone(guard):
    with switched_off(guard):
        assert any(play([BRIEF], Random(seed)).alone for seed in range(4))


def test_by_the_open_link_one_is_left_alone_as_the_form_says():
    assert play([Plan(link=True, others=0, brief=True)], Random(1)).alone == 1


def test_an_answer_among_five_is_guessed_as_often_as_by_chance():
    among = Outcome(truth=1, real=5, left=[0, 3, 2, 0, 0], guess=1, chance=3 / 5)
    assert judge(
        [among] * 6 + [Outcome(truth=4, real=5, left=[0, 3, 2, 0, 0], guess=1, chance=3 / 5)] * 4, 5
    ).within_chance
    assert not judge([Outcome(truth=1, real=1, left=[0, 1, 0, 0, 0], guess=1)] * 10, 5).within_chance
    assert judge([Outcome(truth=1, real=1, left=[0, 1, 0, 0, 0], guess=1)], 5).alone == 1
