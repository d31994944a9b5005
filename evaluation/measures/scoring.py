"""From the answers of one questionnaire to a score per domain. Pure: numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ItemSpec:
    """One item that counts. `low` and `high` are the ends of its scale, as they are answered.

    `shift` is what an answer's points are more than the answer: 1 where the first answer, kept as 0, counts 1.
    """

    key: str
    domain: str
    low: int
    high: int
    reverse: bool = False
    shift: int = 0

    def value(self, answer: int) -> int:
        """The answer's points, turned round where a high answer means that things are bad.

        Reversing is low + high - answer, so that 0, 1, 2, 3, 4 becomes 4, 3, 2, 1, 0 (as printed, for one, in the
        scoring key of Cohen, Kamarck and Mermelstein 1983, J Health Soc Behav 24:385-396).
        """
        if not self.low <= answer <= self.high:
            raise ValueError(f"{self.key}: {answer} is outside {self.low} to {self.high}")
        return (self.low + self.high - answer if self.reverse else answer) + self.shift


@dataclass(frozen=True)
class MeasureSpec:
    """How a measure is scored.

    least_answered  items of a domain that must be answered for a score; a domain with fewer items needs them all.
                    None: half of them, halves rounded up.
    method          "mean" of the answered items, or "sum" of all of them.
    lookup          raw score -> scaled score, where the measure's owner gives such a table; empty: the raw score.
    """

    items: tuple[ItemSpec, ...]
    method: str = "mean"
    least_answered: int | None = None
    lookup: Mapping[int, float] = field(default_factory=dict)

    def domains(self) -> list[str]:
        """The domains in the order in which their first items stand."""
        return list(dict.fromkeys(item.domain for item in self.items))

    def of(self, domain: str) -> list[ItemSpec]:
        return [item for item in self.items if item.domain == domain]

    def needed(self, domain: str) -> int:
        """How many of the domain's items must be answered."""
        items = len(self.of(domain))
        if self.least_answered is None:
            return math.ceil(items / 2)
        return max(1, min(self.least_answered, items))

    def range(self, domain: str) -> tuple[float, float]:
        """The lowest and the highest score there can be, in the units of `score`."""
        items = self.of(domain)
        ends = [sum(item.low + item.shift for item in items), sum(item.high + item.shift for item in items)]
        if self.method == "mean":
            return ends[0] / len(items), ends[1] / len(items)
        if self.lookup:
            return min(self.lookup.values()), max(self.lookup.values())
        return float(ends[0]), float(ends[1])


def score(spec: MeasureSpec, answers: Mapping[str, int | None]) -> dict[str, float | None]:
    """A score for each domain, or None where too few of its items were answered.

    Units: those of the items for a mean, points for a sum, those of the owner's table where there is one.

    Missing items: the "half rule" (Fayers, Aaronson, Bjordal and others, EORTC QLQ-C30 Scoring Manual, 3rd edition,
    2001; Fairclough and Cella 1996, Qual Life Res 5:321-332). Where enough items are answered, those missing count
    as the mean of those answered. For a mean that is the mean of the answered; a sum is that mean times the number
    of items, as in Fairbank and Pynsent 2000, Spine 25:2940-2953: 16 points in 9 of 10 sections count as 35.5 %.

    A lookup table knows whole raw scores only. A raw score that is not in it (a sum made up for missing items, say)
    gives None and is never rounded into it.
    """
    return {domain: _domain_score(spec, domain, answers) for domain in spec.domains()}


def _domain_score(spec: MeasureSpec, domain: str, answers: Mapping[str, int | None]) -> float | None:
    items = spec.of(domain)
    values = [item.value(answer) for item in items if (answer := answers.get(item.key)) is not None]
    if len(values) < spec.needed(domain):
        return None
    mean = sum(values) / len(values)
    if spec.method == "mean":
        return mean
    total = sum(values) if len(values) == len(items) else mean * len(items)
    if not spec.lookup:
        return float(total)
    return spec.lookup.get(int(total)) if total == int(total) else None
