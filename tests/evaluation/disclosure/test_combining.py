"""E3: what was told of several groups cannot be added and taken away until few people are left."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure.combining import PublishedCount, SingleGroups, leaves_few, may_stand, pieces
from evaluation.disclosure.counts import Counts

PAIRS = ("pairs", "wellbeing")


def published(marks=None, **groups: int) -> PublishedCount:
    """told(a=6, b=8): of group a six people, of group b eight."""
    counts = Counts()
    for group, n in groups.items():
        counts.add(group, {PAIRS: n}, {PAIRS: (marks or {}).get(group, "")})
    return PublishedCount(counts, frozenset([PAIRS]))


def stands(now: PublishedCount, *before: PublishedCount) -> bool:
    return may_stand([now], before, least=10, single_groups=[SingleGroups(10), SingleGroups(5)])


def test_one_number_stands_where_it_is_enough_people():
    assert stands(published(a=6, b=8))
    assert not stands(published(a=9))


def test_whoever_takes_away_what_teams_are_told_has_enough_people_or_nobody():
    assert not stands(published(a=8, b=4)), "the team of the eight has the four"
    assert stands(published(a=8, b=4, c=4))
    assert stands(published(a=8, b=8))


def test_a_second_number_differs_from_the_first_by_enough():
    assert not stands(published(a=6, b=8, c=9), published(a=6, b=8))
    assert stands(published(a=6, b=8, c=6, d=6), published(a=6, b=8))


def test_of_three_that_overlap_no_two_less_the_third_are_few():
    a, b, c = (published(**dict.fromkeys(names, 6)) for names in ("abcd", "defg", "abcdefg"))
    assert stands(c, a)
    assert not stands(b, a, c), "a + b - c is d"
    assert stands(a, a, c)


def test_numbers_that_reach_each_other_only_through_another_are_seen_too():
    """All less the middle and the last, and the last again, leave the first."""
    whole, middle, last = published(a=4, b=12, c=12), published(b=12, c=12), published(c=12)
    assert not stands(whole, middle)
    assert not stands(published(a=4, b=12), published(b=12, c=12), last)


def test_few_who_came_among_many_who_came_do_not_show():
    """Between the two reports ten came to one group and one to another: nobody can tell the one from the ten."""
    assert stands(published(a=20, b=31), published(a=10, b=30))


def test_but_they_do_beside_reports_over_the_one_group():
    now, before = (published(a=20), published(a=20, b=31)), (published(a=10), published(a=10, b=30))
    assert not stands(now[1], *before, now[0]), "b alone: 31 less 30"


def test_somebody_went_and_somebody_came_and_there_are_as_many_as_before():
    before = published({"a": "one"}, a=12, b=12)
    assert stands(published({"a": "one"}, a=12, b=12), before)
    assert not stands(published({"a": "other"}, a=12, b=12), before)
    assert stands(published({"a": "other"}, a=12, b=30), before), "among those who came since"


def test_what_was_stored_is_read_back():
    counts = Counts()
    counts.add("a", {PAIRS: 6, ("present", "1"): 0})
    counts.add("b", {("present", "1"): 7}, {PAIRS: "mark"})
    again = Counts.from_bytes(counts.to_bytes())
    assert [again.of(group, column) for group in "ab" for column in (PAIRS, ("present", "1"))] == [6, 0, 0, 7]
    assert again.mark("b", PAIRS) == "mark" and again.mark("a", PAIRS) == ""
    assert list(again.under("present")) == [("present", "1")]
    assert again.of("c", PAIRS) == again.of("a", ("present", "2")) == 0


@settings(max_examples=25)
@given(
    st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=3),
    st.lists(st.integers(1, 12), min_size=4, max_size=4),
)
def test_it_finds_whatever_small_weights_find(chosen, sizes):
    """Tried by hand: every number times -2 to 2. What they leave is what they must not."""
    counts = [
        published(**{name: n for name, n, there in zip("abcd", sizes, row, strict=True) if there}) for row in chosen
    ]
    left = set()
    for weights in product(range(-2, 3), repeat=len(chosen)):
        sums = [sum(weight * there[i] for weight, there in zip(weights, chosen, strict=True)) for i in range(4)]
        left.add(sum(n for n, value in zip(sizes, sums, strict=True) if value))
    assert leaves_few(pieces(counts), 10) is any(0 < n < 10 for n in left)
