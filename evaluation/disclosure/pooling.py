"""Which cohorts may stand together where each alone is too small to be told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from evaluation.disclosure.beside import Told, apart
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
    Neither the whole nor any step between two of them is a few people. Nor is what remains of it for somebody who
    takes away each group that is told by itself, be it to its team or in the edition to share.
    """
    before = list(before)
    rules = [(now, before, shared)]
    for least in (team, shared):
        rules.append((_few(now, least), [_few(past, least) for past in before], least))
    return (
        all(enough(sum(groups.values()), least) and apart(groups, told, least) for groups, told, least in rules)
        and sum(now.values()) >= shared
    )


def _few(told: Told, least: int) -> Told:
    return {group: n for group, n in told.items() if n < least}


def without(whole: Figures, domains: Set[str]) -> Figures:
    """Less the domains in which somebody's answers have gone from one of the cohorts since they were told."""
    return replace(whole, domains=tuple(domain for domain in whole.domains if domain.key not in domains))
