"""Reports over many groups, laid beside everything that was told of several groups before. Pure.

Part by part: what could be added to or taken from what was told before, until few people are left, is held back from
the later one. See docs/decisions/across-groups.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from evaluation.across import counts as of
from evaluation.across.counts import Number, Told, question_name
from evaluation.across.own import Own
from evaluation.disclosure.beside import DIFFERS, few_between, forms_that_could_be
from evaluation.disclosure.combining import Alone, may_stand
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.sources import COLUMNS
from evaluation.disclosure.suppression import FEW, outside
from evaluation.figures.shapes import (
    ACROSS,
    NO_FEEDBACK_TOLD,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    Suggestions,
    WayCount,
)


@dataclass(frozen=True)
class Beside:
    """What is known already: figures of several groups told before, and what groups' own pages and editions tell.

    least  on how many people a figure rests outside
    inside, outside  single groups as their teams are told of them, and as readers outside are
    own  what these groups' versions tell by source, and of how often people came
    """

    before: Sequence[Told]
    least: int
    inside: Alone
    outside: Alone
    own: Own = field(default_factory=Own)

    def may(self, now: Told, number: Number, *which: object, teams: bool = True) -> bool:
        """teams: its number in a group is one that teams are told from the least for a team."""
        before = [telling for told in self.before for telling in number(told, *which)]
        alone = [self.outside, self.inside] if teams else [self.outside]
        return may_stand(number(now, *which), before, least=self.least, alone=alone, width=number.width)


def told(whole: Figures, counts: Counts, beside: Beside) -> Figures:
    """The figures as they leave the service. counts: what each group adds to them."""
    made = less(outside(whole, beside.least), counts, beside)
    return replace(made, edition=ACROSS, domains=_all_domains(whole, made))


def tells(made: Figures) -> bool:
    """Whether there is anything in these figures that what was told before could be laid beside."""
    feedback = made.feedback
    counted = [way.n for way in (*made.ways, *feedback.ways)] + [session.present for session in made.sessions]
    parts = (made.reach.by_source, made.dose.spread, feedback.sheets, feedback.questions, made.methods, made.domains)
    return any(parts) or any(counted) or bool(made.suggestions.made)


def less(made: Figures, counts: Counts, beside: Beside) -> Figures:
    """Figures that leave the team, of one group or several, less what may not stand beside what is known already."""
    now = Told(made, counts)
    return forms_that_could_be(_less_by_part(made, now, beside))


def _less_by_part(made: Figures, now: Told, beside: Beside) -> Figures:
    return replace(
        made,
        reach=made.reach if _sources_may(beside, now) else replace(made.reach, by_source=()),
        dose=made.dose if _times_may(beside, now) else Dose(people=made.dose.people),
        sessions=tuple(
            one if _session_may(beside, now, one.number) else replace(one, present=None, expected=None)
            for one in made.sessions
        ),
        feedback=_feedback(beside, now),
        ways=_ways(made.ways, beside.may(now, of.ways)),
        methods=tuple(row for row in made.methods if beside.may(now, of.method, row.method)),
        suggestions=made.suggestions if beside.may(now, of.suggestions) else Suggestions(made=None, answered=None),
        domains=tuple(_less(domain, now, beside) for domain in made.domains),
    )


# --- Part by part ----------------------------------------------------------------------------------------


def _sources_may(beside: Beside, now: Told) -> bool:
    alone = beside.own.leave_few_sources(now.figures, beside.inside.least)
    return not alone and not _was_untold(beside, now) and beside.may(now, of.sources)


def _was_untold(beside: Beside, now: Told) -> bool:
    """Over the same groups there was no table, and few have come or gone since: whoever knows why there was none could
    take those few from what it says now."""
    return any(
        few_between(getattr(now.figures.reach, column), getattr(past.figures.reach, column), beside.least)
        for past in beside.before
        if past.counts.groups.keys() == now.counts.groups.keys() and not past.figures.reach.by_source
        for column in COLUMNS
    )


def _times_may(beside: Beside, now: Told) -> bool:
    return not beside.own.leave_few_bands(now.figures, beside.inside.least) and beside.may(now, of.times)


def _session_may(beside: Beside, now: Told, number: int) -> bool:
    """A team keeps the register itself: how many were away it may know, however few."""
    return beside.may(now, of.present, number) and beside.may(now, of.away, number, teams=False)


def _feedback(beside: Beside, now: Told) -> Feedback:
    made = now.figures.feedback
    if not beside.may(now, of.answered):
        return NO_FEEDBACK_TOLD
    names = [question_name(row.key, row.options) for row in made.questions]
    questions = (row for row, name in zip(made.questions, names, strict=True) if beside.may(now, of.question, name))
    return replace(made, ways=_ways(made.ways, beside.may(now, of.sheets)), questions=tuple(questions))


def _ways(ways: tuple[WayCount, ...], may: bool) -> tuple[WayCount, ...]:
    return ways if may else tuple(WayCount(way.way, None) for way in ways)


def _all_domains(whole: Figures, made: Figures) -> tuple[DomainFigures, ...]:
    """Those that are told, and of the others that they are not, and why."""
    told = {domain.key: domain for domain in made.domains}
    return tuple(told.get(domain.key) or _untold(domain, FEW if domain.change else "") for domain in whole.domains)


def _less(domain: DomainFigures, now: Told, beside: Beside) -> DomainFigures:
    if not domain.change:
        return domain
    if not beside.may(now, of.pairs, domain.key):
        return _untold(domain, DIFFERS)
    if not beside.may(now, of.directions, domain.key, teams=False):
        domain = replace(domain, change=replace(domain.change, better=None, same=None, worse=None))
    domain = replace(domain, later=_later(domain, now, beside))
    return domain if beside.may(now, of.at_start, domain.key) else replace(domain, at_start=None)


def _later(domain: DomainFigures, now: Told, beside: Beside) -> Later | None:
    if not domain.later or not beside.may(now, of.later, domain.key):
        return None
    if beside.may(now, of.later_directions, domain.key, teams=False):
        return domain.later
    return replace(domain.later, better=None, same=None, worse=None)


def _untold(domain: DomainFigures, why: str) -> DomainFigures:
    """On how many it would have rested is not told either: beside another report that is a few people too."""
    nobody = replace(domain, pairs=0, before_only=None, after_only=None, neither=None)
    return replace(nobody, change=None, at_start=None, later=None, held=why)
