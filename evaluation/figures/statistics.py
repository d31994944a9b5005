"""Formulas of statistics, each by its usual name, with its source. Pure: numbers in, numbers out.

`tests/evaluation/figures/test_statistics.py` checks each against a worked example that was published with its result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Moments:
    """Count, mean and sum of squared deviations of some numbers, in their own units (squared for the last).

    Two of them add up to that of all the numbers together, so that any number of groups can be read one after the
    other: pairwise updating by Chan, Golub and LeVeque 1983, The American Statistician 37:242-247.
    """

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    @classmethod
    def of(cls, values: Iterable[float]) -> Moments:
        """One after the other: Welford 1962, Technometrics 4:419-420."""
        n, mean, squares = 0, 0.0, 0.0
        for value in values:
            n += 1
            delta = value - mean
            mean += delta / n
            squares += delta * (value - mean)
        return cls(n, mean, squares)

    def __add__(self, other: Moments) -> Moments:
        if not self.n or not other.n:
            return self if self.n else other
        n, delta = self.n + other.n, other.mean - self.mean
        return Moments(
            n,
            self.mean + delta * other.n / n,
            self.squares + other.squares + delta * delta * self.n * other.n / n,
        )

    @property
    def sd(self) -> float:
        """The sample's standard deviation (n - 1). Raises ValueError under two numbers."""
        if self.n < 2:
            raise ValueError("A standard deviation takes two numbers.")
        return math.sqrt(self.squares / (self.n - 1))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The confidence interval of the mean by Student's t: mean -/+ t(n - 1) x sd / sqrt(n).

        Of changes it is the interval of the paired t test (Student 1908, Biometrika 6:1-25).
        """
        half = t_quantile((1 + level) / 2, self.n - 1) * self.sd / math.sqrt(self.n)
        return self.mean - half, self.mean + half


def standardised(change: float, before: Moments, after: Moments) -> float | None:
    """A mean change in standard deviations: divided by the mean of those before and after, d_av.

    Cumming 2012, Understanding the New Statistics; formula 10 in Lakens 2013, Frontiers in Psychology 4:863.
    None where nobody differs from anybody else. Raises ValueError under two pairs.
    """
    spread = (before.sd + after.sd) / 2
    return change / spread if spread else None


def t_quantile(p: float, df: int) -> float:
    """Student's t with `df` degrees of freedom: the value that a share p of it lies below, for p from 0.5 up.

    By bisection of the distribution function, which is exact through the incomplete beta function
    (Abramowitz and Stegun 1964, 26.7.1 and 26.5.27).
    """
    if df < 1 or not 0.5 <= p < 1:
        raise ValueError(f"No quantile of t for p = {p} and {df} degrees of freedom.")
    low, high = 0.0, 1.0
    while _t_below(high, df) < p:
        low, high = high, high * 2
    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_below(middle, df) < p else (low, middle)
    return (low + high) / 2


def _t_below(t: float, df: int) -> float:
    return 1 - _incomplete_beta(df / (df + t * t), df / 2, 0.5) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function by its continued fraction (Abramowitz and Stegun 26.5.8), evaluated
    from the front by the modified method of Lentz (Thompson and Barnett 1986, J Comput Phys 64:490-509)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    tiny = 1e-300
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or tiny)
    value = d
    for m in range(1, 500):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d, c = 1 / ((1 + term * d) or tiny), (1 + term / c) or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value / a
