"""Which time is best: the rule by itself."""

from __future__ import annotations

from datetime import time
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from caregivers.times.ranking import best, order, ranked, tally

PEOPLE = {1: "Ann", 2: "Bea", 3: "Cy", 4: "Dee"}


def at(weekday, hour=10, **said):
    names = {name: key for key, name in PEOPLE.items()}
    return tally(
        SimpleNamespace(weekday=weekday, starts=time(hour)), PEOPLE, {names[n]: can for n, can in said.items()}
    )


def test_most_yes_comes_first_even_where_more_cannot():
    few, many = at(0, Ann="yes", Bea="maybe"), at(4, Ann="yes", Bea="yes", Cy="no", Dee="no")
    assert ranked([few, many]) == [many, few]


def test_of_those_alike_the_one_that_fewest_cannot_come_to():
    bad, good = at(0, Ann="yes", Bea="no"), at(1, Ann="yes", Bea="maybe")
    assert best([bad, good]) is good


def test_then_the_one_that_most_can_come_to_if_need_be_then_the_earlier_in_the_week():
    unknown, need, later = at(0, Ann="yes"), at(2, Ann="yes", Bea="maybe"), at(2, 12, Ann="yes", Bea="maybe")
    assert ranked([later, unknown, need]) == [need, later, unknown]


def test_nothing_is_best_while_nobody_can_come():
    assert best([]) is None
    assert best([at(0), at(1, Ann="no")]) is None
    assert best([at(0), at(1, Ann="maybe")]).maybe == ("Ann",)


def test_an_answer_of_somebody_who_no_longer_counts_is_passed_over():
    found = tally(SimpleNamespace(weekday=0, starts=time(9)), {1: "Ann"}, {1: "no", 9: "yes"})
    assert (found.people, found.yes, found.no) == (1, (), ("Ann",))


answers = st.dictionaries(st.sampled_from(sorted(PEOPLE)), st.sampled_from(["yes", "maybe", "no"]))


@settings(max_examples=25)
@given(st.lists(answers, min_size=1, max_size=6))
def test_everybody_is_in_one_part_and_the_bar_is_never_longer_than_it_is(said):
    found = [tally(SimpleNamespace(weekday=day, starts=time(9)), PEOPLE, one) for day, one in enumerate(said)]
    for one in found:
        assert sorted(one.yes + one.maybe + one.no + one.silent) == sorted(PEOPLE.values())
        assert sum(float(width) for _name, _x, width in one.bar) <= 100.1
    assert [order(one) for one in ranked(found)] == sorted(order(one) for one in found)
    assert len(ranked(found)[0].yes) == max(len(one.yes) for one in found)
