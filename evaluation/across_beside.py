"""Reports over many groups, laid beside each other. Pure.

Two reports whose groups differ by few people subtract to those few people. So what such a difference would tell of is
held back from the later one; see docs/decisions/across-groups.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from evaluation.disclosure import DIFFERS, FEW, outside
from evaluation.figures import ACROSS, DomainFigures, Dose, Feedback, Figures, Suggestions


@dataclass(frozen=True)
class Basis:
    """What one group adds to a report: people referred, people who started, people with a score before and after."""

    referred: int
    started: int
    pairs: int


NOBODY = Basis(0, 0, 0)
Bases = Mapping[str, Basis]  # by group


def told(whole: Figures, bases: Bases, earlier: Iterable[tuple[Figures, Bases]], threshold: int) -> Figures:
    """The figures as they leave the service. earlier: reports made before over some of the same groups."""
    people = answers = False
    close = []
    for figures, past in earlier:
        near = {part for part in ("referred", "started", "pairs") if differ(bases, past, part) < threshold}
        people = people or bool(0 < differ(bases, past, "referred") < threshold)
        people = people or bool(0 < differ(bases, past, "started") < threshold)
        answers = answers or bool(0 < differ(bases, past, "pairs") < threshold)
        if near:
            close.append(figures)
    made = outside(whole, threshold, earlier=close)
    made = replace(made, edition=ACROSS, domains=_all_domains(whole, made, threshold))
    if people:
        made = without_people(made)
    return without_answers(made) if answers or people else made


def differ(now: Bases, past: Bases, part: str) -> int:
    """How many people are in the one and not in the other, by group: what taking one from the other leaves."""
    return sum(
        abs(getattr(now.get(group, NOBODY), part) - getattr(past.get(group, NOBODY), part))
        for group in now.keys() | past.keys()
    )


def _all_domains(whole: Figures, made: Figures, threshold: int) -> tuple[DomainFigures, ...]:
    """Those that are told, and of the others that they are not, and why."""
    told = {domain.key: domain for domain in made.domains}
    return tuple(
        told.get(domain.key) or _without_change(domain, DIFFERS if domain.pairs >= threshold else FEW)
        for domain in whole.domains
    )


def without_people(made: Figures) -> Figures:
    """Less everything about people but how many were referred, invited, started and completed."""
    return replace(
        made,
        reach=replace(made.reach, by_source=()),
        dose=Dose(people=made.dose.people),
        sessions=tuple(replace(one, present=None, expected=None) for one in made.sessions),
        feedback=Feedback(),
        methods=(),
        suggestions=Suggestions(made=None, answered=None),
    )


def without_answers(made: Figures) -> Figures:
    """Less what was answered before and after."""
    return replace(made, ways=(), domains=tuple(_without_change(domain, DIFFERS) for domain in made.domains))


def _without_change(domain: DomainFigures, why: str) -> DomainFigures:
    """Numbers of pairs stay: on how many it would have rested."""
    few = replace(domain, before_only=None, after_only=None, neither=None, at_start=None)
    return replace(few, change=None, held=why if domain.change or domain.held else "")
