import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.measures.scoring import ItemSpec, MeasureSpec, score


def measure(n: int, low: int = 0, high: int = 4, **kwargs) -> MeasureSpec:
    return MeasureSpec(tuple(ItemSpec(f"i{k}", "d", low, high) for k in range(n)), **kwargs)


def answers(*values: int | None) -> dict[str, int | None]:
    return {f"i{k}": value for k, value in enumerate(values)}


def test_reversed_item_as_in_the_key_of_cohen_kamarck_mermelstein_1983():
    """Published key for their four positively worded items: 0=4, 1=3, 2=2, 3=1, 4=0."""
    item = ItemSpec("x", "d", 0, 4, reverse=True)
    assert [item.value(answer) for answer in (0, 1, 2, 3, 4)] == [4, 3, 2, 1, 0]


def test_reversed_item_on_a_scale_that_begins_at_one():
    assert ItemSpec("x", "d", 1, 5, reverse=True).value(2) == 4


def test_sum_with_one_section_missing_as_in_fairbank_and_pynsent_2000():
    """Published: ten sections scored 0 to 5; 16 of 50 points is 32 %, 16 of 45 with one section missed is 35.5 %."""
    spec = measure(10, high=5, method="sum")
    full = score(spec, answers(5, 4, 3, 2, 1, 1, 0, 0, 0, 0))["d"]
    one_missed = score(spec, answers(5, 4, 3, 2, 1, 1, 0, 0, 0, None))["d"]
    assert full is not None and one_missed is not None
    assert full / 50 == pytest.approx(0.32)
    assert one_missed / 50 == pytest.approx(0.355, abs=0.001)


@pytest.mark.parametrize(
    ("values", "expected"),
    [((4, 2, None, None), 3.0), ((4, None, None, None), None), ((4, 3, 2, None), 3.0), ((None,) * 4, None)],
)
def test_half_rule_is_the_default(values, expected):
    """Half of the items or more: the mean of those answered. Fewer: no score (EORTC QLQ-C30 Scoring Manual)."""
    assert score(measure(4), answers(*values)) == {"d": expected}


def test_half_of_an_odd_number_is_rounded_up():
    assert measure(3).needed("d") == 2
    assert score(measure(3), answers(4, None, None)) == {"d": None}


def test_least_answered_may_ask_for_more_than_half():
    spec = measure(4, least_answered=4)
    assert score(spec, answers(1, 2, 3, None)) == {"d": None}
    assert score(spec, answers(1, 2, 3, 4)) == {"d": 2.5}


def test_a_domain_with_fewer_items_than_least_answered_needs_them_all():
    spec = MeasureSpec((ItemSpec("goal", "goal", 0, 10),), least_answered=2)
    assert score(spec, {"goal": 7}) == {"goal": 7}
    assert score(spec, {}) == {"goal": None}


def test_reversed_items_count_reversed_within_a_domain():
    spec = MeasureSpec((ItemSpec("a", "d", 0, 4), ItemSpec("b", "d", 0, 4, reverse=True)))
    assert score(spec, {"a": 4, "b": 0}) == {"d": 4}


def test_domains_are_scored_apart():
    spec = MeasureSpec((ItemSpec("a", "c", 0, 4), ItemSpec("b", "d", 0, 4)))
    assert score(spec, {"a": 4, "b": None}) == {"c": 4, "d": None}


def test_lookup_gives_the_scaled_score_and_never_rounds_into_the_table():
    spec = measure(2, method="sum", lookup={0: 0.0, 3: 41.5, 8: 100.0})
    assert score(spec, answers(1, 2)) == {"d": 41.5}
    assert score(spec, answers(1, 1)) == {"d": None}, "2 is not in the table"
    half = measure(2, method="sum", lookup={3: 41.5, 4: 50.0}, least_answered=1)
    assert score(half, answers(2, None)) == {"d": 50.0}
    thirds = measure(3, method="sum", lookup={4: 1.0, 5: 2.0}, least_answered=2)
    assert score(thirds, answers(1, 2, None)) == {"d": None}, "4.5 lies between two raw scores"


def test_an_answer_outside_its_scale_is_refused():
    with pytest.raises(ValueError, match="i0: 5 is outside 0 to 4"):
        score(measure(1), answers(5))


def test_range_is_in_the_units_of_the_score():
    assert measure(3).range("d") == (0, 4)
    assert measure(3, method="sum").range("d") == (0, 12)
    assert measure(1, method="sum", lookup={0: 7.0, 4: 35.0}).range("d") == (7, 35)


@given(st.lists(st.none() | st.integers(0, 4), min_size=1, max_size=8))
def test_a_score_lies_within_its_range(values):
    for method in ("mean", "sum"):
        spec = measure(len(values), method=method)
        result = score(spec, answers(*values))["d"]
        low, high = spec.range("d")
        if sum(value is not None for value in values) * 2 >= len(values):
            assert result is not None and low - 1e-9 <= result <= high + 1e-9
        else:
            assert result is None


def test_points_that_begin_at_one_as_in_the_guidance_of_warwick_2008():
    """Published: fourteen items of 1 to 5, summed; the total ranges from 14 to 70. Answers are kept as 0 to 4."""
    spec = MeasureSpec(tuple(ItemSpec(f"i{k}", "d", 0, 4, shift=1) for k in range(14)), method="sum")
    assert spec.range("d") == (14, 70)
    assert score(spec, answers(*[0] * 14)) == {"d": 14}
    assert score(spec, answers(*[4] * 14)) == {"d": 70}
    assert ItemSpec("x", "d", 0, 4, reverse=True, shift=1).value(0) == 5


def test_table_of_raw_and_scaled_scores_as_of_the_who_1998():
    """Published: five items of 0 to 5 give a raw score of 0 to 25; four times that is the score of 0 to 100."""
    spec = measure(5, high=5, method="sum", least_answered=5, lookup={raw: float(4 * raw) for raw in range(26)})
    assert score(spec, answers(5, 4, 3, 1, 0)) == {"d": 52}, "13 is 52"
    assert score(spec, answers(*[5] * 5)) == {"d": 100}
    assert spec.range("d") == (0, 100)
    assert score(spec, answers(5, 5, 5, 5, None)) == {"d": None}
