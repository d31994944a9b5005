"""What of a report over many groups is held back, given the releases over several groups before it. Pure.

Part by part: what could be added to or taken from what was released before, until few people are left, is held back
from the later one. See docs/decisions/across-groups.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from evaluation.across import counts as of
from evaluation.across.counts import Number, Release, question_name
from evaluation.across.group_tables import GroupTables
from evaluation.disclosure.combining import SingleGroups, may_stand
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.differencing import DIFFERS, few_between, forms_that_could_be
from evaluation.disclosure.sources import COLUMNS
from evaluation.disclosure.suppression import FEW, outside
from evaluation.figures.shapes import (
    ACROSS,
    FEEDBACK_WITHHELD,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    Suggestions,
    WayCount,
)


@dataclass(frozen=True)
class PriorReleases:
    """What is known already: figures of several groups released before, and what groups' own pages and editions tell.

    least  on how many people a figure rests outside
    inside, outside  single groups as their teams are told of them, and as readers outside are
    group_tables  what these groups' versions tell by source, and of how often people came
    """

    before: Sequence[Release]
    least: int
    inside: SingleGroups
    outside: SingleGroups
    group_tables: GroupTables = field(default_factory=GroupTables)

    def may(self, now: Release, number: Number, *which: object, teams: bool = True) -> bool:
        """teams: its number in a group is one that teams are told from the least for a team."""
        before = [count for release in self.before for count in number(release, *which)]
        single_groups = [self.outside, self.inside] if teams else [self.outside]
        return may_stand(number(now, *which), before, least=self.least, single_groups=single_groups, width=number.width)


def figures_to_release(whole: Figures, counts: Counts, prior: PriorReleases) -> Figures:
    """The figures as they leave the service. counts: what each group adds to them."""
    made = suppress(outside(whole, prior.least), counts, prior)
    return replace(made, edition=ACROSS, domains=_all_domains(whole, made))


def has_figures(made: Figures) -> bool:
    """Whether there is anything in these figures that could be compared with an earlier release."""
    feedback = made.feedback
    counted = [way.n for way in (*made.ways, *feedback.ways)] + [session.present for session in made.sessions]
    parts = (made.reach.by_source, made.dose.spread, feedback.sheets, feedback.questions, made.methods, made.domains)
    return any(parts) or any(counted) or bool(made.suggestions.made)


def suppress(made: Figures, counts: Counts, prior: PriorReleases) -> Figures:
    """Figures that leave the team, of one group or several, less what may not stand beside what is known already."""
    now = Release(made, counts)
    return forms_that_could_be(_suppress_by_part(made, now, prior))


def _suppress_by_part(made: Figures, now: Release, prior: PriorReleases) -> Figures:
    return replace(
        made,
        reach=made.reach if _sources_may(prior, now) else replace(made.reach, by_source=()),
        dose=made.dose if _times_may(prior, now) else Dose(people=made.dose.people),
        sessions=tuple(
            session if _session_may(prior, now, session.number) else replace(session, present=None, expected=None)
            for session in made.sessions
        ),
        feedback=_feedback(prior, now),
        ways=_ways(made.ways, prior.may(now, of.ways)),
        methods=tuple(row for row in made.methods if prior.may(now, of.method, row.method)),
        suggestions=made.suggestions if prior.may(now, of.suggestions) else Suggestions(made=None, answered=None),
        domains=tuple(_suppress_domain(domain, now, prior) for domain in made.domains),
    )


# --- Part by part ----------------------------------------------------------------------------------------


def _sources_may(prior: PriorReleases, now: Release) -> bool:
    leaves_few = prior.group_tables.leave_few_sources(now.figures, prior.inside.least)
    return not leaves_few and not _was_withheld(prior, now) and prior.may(now, of.sources)


def _was_withheld(prior: PriorReleases, now: Release) -> bool:
    """Over the same groups there was no table, and few have come or gone since: whoever knows why there was none could
    take those few from what it says now."""
    return any(
        few_between(getattr(now.figures.reach, column), getattr(past.figures.reach, column), prior.least)
        for past in prior.before
        if past.counts.groups.keys() == now.counts.groups.keys() and not past.figures.reach.by_source
        for column in COLUMNS
    )


def _times_may(prior: PriorReleases, now: Release) -> bool:
    return not prior.group_tables.leave_few_bands(now.figures, prior.inside.least) and prior.may(now, of.times)


def _session_may(prior: PriorReleases, now: Release, number: int) -> bool:
    """A team keeps the register itself: how many were away it may know, however few."""
    return prior.may(now, of.present, number) and prior.may(now, of.away, number, teams=False)


def _feedback(prior: PriorReleases, now: Release) -> Feedback:
    made = now.figures.feedback
    if not prior.may(now, of.answered):
        return FEEDBACK_WITHHELD
    names = [question_name(row.key, row.options) for row in made.questions]
    questions = (row for row, name in zip(made.questions, names, strict=True) if prior.may(now, of.question, name))
    return replace(made, ways=_ways(made.ways, prior.may(now, of.sheets)), questions=tuple(questions))


def _ways(ways: tuple[WayCount, ...], may: bool) -> tuple[WayCount, ...]:
    return ways if may else tuple(WayCount(way.way, None) for way in ways)


def _all_domains(whole: Figures, made: Figures) -> tuple[DomainFigures, ...]:
    """Those that are told, and of the others that they are not, and why."""
    remaining = {domain.key: domain for domain in made.domains}
    return tuple(
        remaining.get(domain.key) or _withheld(domain, FEW if domain.change else "") for domain in whole.domains
    )


def _suppress_domain(domain: DomainFigures, now: Release, prior: PriorReleases) -> DomainFigures:
    if not domain.change:
        return domain
    if not prior.may(now, of.pairs, domain.key):
        return _withheld(domain, DIFFERS)
    if not prior.may(now, of.directions, domain.key, teams=False):
        domain = replace(domain, change=replace(domain.change, better=None, same=None, worse=None))
    domain = replace(domain, later=_later(domain, now, prior))
    return domain if prior.may(now, of.at_start, domain.key) else replace(domain, at_start=None)


def _later(domain: DomainFigures, now: Release, prior: PriorReleases) -> Later | None:
    if not domain.later or not prior.may(now, of.later, domain.key):
        return None
    if prior.may(now, of.later_directions, domain.key, teams=False):
        return domain.later
    return replace(domain.later, better=None, same=None, worse=None)


def _withheld(domain: DomainFigures, why: str) -> DomainFigures:
    """On how many it would have rested is not told either: beside another report that is a few people too."""
    nobody = replace(domain, pairs=0, before_only=None, after_only=None, neither=None)
    return replace(nobody, change=None, at_start=None, later=None, held=why)
