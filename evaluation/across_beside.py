"""Reports over many groups, laid beside each other. Pure.

Reports whose groups differ by few people subtract to those few people. What such a difference would tell of is held
back from the later one; see docs/decisions/across-groups.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evaluation.disclosure import DIFFERS, FEW, enough, outside
from evaluation.figures import ACROSS, DomainFigures, Dose, Feedback, Figures, Suggestions


@dataclass(frozen=True)
class Basis:
    """What one group adds to a report: people referred, people who started, people with a score before and after."""

    referred: int
    started: int
    pairs: int


NOBODY = Basis(0, 0, 0)
Bases = Mapping[str, Basis]  # by group
PARTS = ("referred", "started", "pairs")


def told(whole: Figures, bases: Bases, earlier: Iterable[tuple[Figures, Bases]], *, team: int, shared: int) -> Figures:
    """The figures as they leave the service.

    earlier       reports made before over some of the same groups
    team, shared  on how many people a figure rests, in a team's edition and outside
    """
    earlier = list(earlier)
    # Those over so nearly the same people that a figure of the one can be held against its like in the other.
    close = [figures for figures, past in earlier if any(differ(bases, past, part) < shared for part in PARTS)]
    made = outside(whole, shared, earlier=close)
    made = replace(made, edition=ACROSS, domains=_all_domains(whole, made, shared))
    people = [past for figures, past in earlier if tells_people(figures)]
    answers = [past for figures, past in earlier if tells_answers(figures)]
    if not all(may_stand(bases, people, part, team, shared) for part in ("referred", "started")):
        return without_answers(without_people(made))
    return made if may_stand(bases, answers, "pairs", team, shared) else without_answers(made)


def tells_answers(figures: Figures) -> bool:
    return any(domain.change for domain in figures.domains)


def tells_people(figures: Figures) -> bool:
    there = any(session.present is not None for session in figures.sessions)
    return there or bool(figures.reach.by_source or figures.feedback.sheets) or figures.dose.median is not None


def may_stand(now: Bases, before: Sequence[Bases], part: str, team: int, shared: int) -> bool:
    """Whether sums and differences of all these reports leave nobody over, or enough people.

    Groups that always stood in the same reports make one piece, and whatever can be worked out is made of whole pieces;
    also by somebody who takes away the groups that are large enough to be told by themselves, to their team or outside.
    Within groups that stand in two reports, those who came or went between them are nobody, or enough in all.
    """
    every = [*before, now]
    between = [_came_or_went(now, past, part) for past in before]
    return all(enough(n, shared) for n in between) and all(
        enough(n, least) for least in (team, shared) for n in _pieces(every, part, least)
    )


def _pieces(reports: Sequence[Bases], part: str, least: int) -> Iterable[int]:
    """People in each piece, of groups smaller than `least`; of a group that changed, the fewest it had."""
    fewest: dict[str, int] = {}
    for report in reports:
        for group, basis in report.items():
            fewest[group] = min(fewest.get(group, least), getattr(basis, part))
    pieces: Counter[tuple[bool, ...]] = Counter()
    for group, n in fewest.items():
        if n < least:
            pieces[tuple(group in report for report in reports)] += n
    return pieces.values()


def _came_or_went(now: Bases, past: Bases, part: str) -> int:
    return sum(abs(getattr(now[group], part) - getattr(past[group], part)) for group in now.keys() & past.keys())


def differ(now: Bases, past: Bases, part: str) -> int:
    """How many people are in the one and not in the other, by group."""
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
