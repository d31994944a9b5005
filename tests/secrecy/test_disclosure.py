"""The rules about small numbers, searched through: does anything that is told leave a few people over?"""

from tests.secrecy.disclosure import search


def test_no_difference_among_what_is_told_leaves_a_few_people_over():
    """Three services of the two hundred cohorts that disclosure.py searches through."""
    found = search(30, seed=1, guarded=True)
    assert found.pop("numbers told") > 100
    assert found == {}


def test_with_what_guards_differences_switched_off_the_same_search_finds_them():
    found = search(30, seed=1, guarded=False)
    assert found["beside teams: change"] > 1 and found["outside: change"] > 10 and found["team: people"] > 0
