"""Which cohorts may stand together where each alone is too small to be told."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from evaluation.disclosure.sources import enough
from evaluation.figures.shapes import Figures


def is_small(whole: Figures, threshold: int) -> bool:
    """Whether no change of this cohort may be told by itself."""
    return all(domain.pairs < threshold for domain in whole.domains)


def closes(wholes: Sequence[Figures], team: int, shared: int) -> bool:
    """Whether these cohorts are enough together, for every reader.

    Somebody who sees what teams are shown can take away each cohort told there; what is left must be nobody or enough.
    """
    pairs: dict[str, list[int]] = {}
    for whole in wholes:
        for domain in whole.domains:
            pairs.setdefault(domain.key, []).append(domain.pairs)
    left = [sum(n for n in each if n < team) for each in pairs.values()]
    return (
        len(wholes) > 1
        and any(sum(each) >= shared for each in pairs.values())
        and all(enough(sum(each), team) for each in pairs.values())
        and all(enough(n, team) for n in left)
    )


def without(whole: Figures, domains: Set[str]) -> Figures:
    """Less the domains in which somebody's answers have gone from one of the cohorts since they were told."""
    return replace(whole, domains=tuple(domain for domain in whole.domains if domain.key not in domains))
