"""Each formula gives what was published, to the last digit that was printed."""

from __future__ import annotations

import math
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.figures.statistics import Moments, standardised, t_quantile

# Cushny and Peebles 1905, additional hours of sleep under two drugs, as Student (1908, Biometrika 6:1-25) used them:
# differences of ten pairs. He prints a mean of 1.58; R's documentation of `t.test` (data "sleep", paired) prints the
# interval and t.
SLEEP = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]

numbers = st.lists(st.floats(-1e3, 1e3), max_size=30)


def test_the_interval_of_paired_changes_is_students():
    changes = Moments.of(SLEEP)
    assert round(changes.mean, 2) == 1.58
    assert round(changes.mean / (changes.sd / math.sqrt(10)), 4) == 4.0621
    assert [round(end, 7) for end in changes.interval()] == [0.7001142, 2.4598858]


def test_a_change_in_standard_deviations_is_that_of_lakens():
    """Lakens 2013, Frontiers in Psychology 4:863, table 1: ten people rate two films; he prints d_av = 1.13 and t of
    4.74 from the same differences."""
    first, second = [9, 7, 8, 9, 8, 9, 9, 10, 9, 9], [9, 6, 7, 8, 7, 9, 8, 8, 8, 7]
    changes = Moments.of(a - b for a, b in zip(first, second, strict=True))
    assert round(changes.mean / (changes.sd / math.sqrt(10)), 2) == 4.74
    assert round(standardised(changes.mean, Moments.of(second), Moments.of(first)), 2) == 1.13


def test_a_change_of_people_who_are_all_alike_has_no_standard():
    assert standardised(1.0, Moments.of([1, 1]), Moments.of([2, 2])) is None


@pytest.mark.parametrize(
    ("df", "printed"),  # Fisher and Yates 1963, Statistical Tables, table III: 5 % on both sides together
    [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (10, 2.228), (20, 2.086), (29, 2.045), (30, 2.042), (120, 1.980)],
)
def test_the_quantiles_of_t_are_those_of_the_table(df, printed):
    assert round(t_quantile(0.975, df), 3) == printed


def test_with_very_many_degrees_of_freedom_t_is_the_normal_distribution():
    assert round(t_quantile(0.975, 10**7), 4) == 1.96


@given(numbers, numbers)
@settings(max_examples=25)
def test_two_groups_add_up_to_both_together(first, second):
    together, apart = Moments.of(first + second), Moments.of(first) + Moments.of(second)
    assert apart.n == together.n
    assert apart.mean == pytest.approx(together.mean, abs=1e-6)
    assert apart.squares == pytest.approx(together.squares, rel=1e-6, abs=1e-6)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
@settings(max_examples=25)
def test_mean_and_deviation_are_the_librarys(values):
    moments = Moments.of(values)
    assert moments.mean == pytest.approx(statistics.fmean(values), abs=1e-6)
    assert moments.sd == pytest.approx(statistics.stdev(values), abs=1e-6)


@pytest.mark.parametrize("ask", [lambda: Moments.of([1]).sd, lambda: t_quantile(0.975, 0)])
def test_what_cannot_be_worked_out_is_refused(ask):
    with pytest.raises(ValueError, match=r"\w"):
        ask()
