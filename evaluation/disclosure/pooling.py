"""Which cohorts may stand together where each alone is too small to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from evaluation.disclosure.beside import Told
from evaluation.disclosure.sources import enough
from evaluation.figures import Figures


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


def may_stand(now: Told, before: Iterable[Told], team: int, shared: int) -> bool:
    """Whether a figure over these groups (group -> people in it) may be told beside others over several groups.

    before  those told already, of the same kind
    Groups that were always told together, never one without the other, are a part; any sum or difference of what was
    told is made of whole parts. So each part is nobody, or enough; also for somebody who takes away the groups that
    are told by themselves, be it to their team or in the edition to share.
    """
    told = [*before, now]
    return sum(now.values()) >= shared and all(_parts_are_enough(told, least) for least in (team, shared))


def _parts_are_enough(told: Sequence[Told], least: int) -> bool:
    people: dict[str, int] = {}
    for groups in told:
        for group, n in groups.items():
            if people.setdefault(group, n) != n:
                return False  # somebody came or went within it
    parts: Counter[tuple[bool, ...]] = Counter()
    for group, n in people.items():
        if n < least:  # the others are told by themselves
            parts[tuple(group in groups for groups in told)] += n
    return all(enough(n, least) for n in parts.values())


def without(whole: Figures, domains: Set[str]) -> Figures:
    """Less the domains in which somebody's answers have gone from one of the cohorts since they were told."""
    return replace(whole, domains=tuple(domain for domain in whole.domains if domain.key not in domains))
