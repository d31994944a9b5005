"""What may be shown, and to whom. Pure: `Figures` in, `Figures` out.

How many were referred, invited, started and completed may always be told. Everything else rests on enough people,
and so does whatever could be worked out from it by taking one number from another:

- *by source*: sources too small to be told are put together, and a column is split by source only where each part,
  and each step from the column before it, is nobody at all or enough people. Nothing is blanked, so there is no hole
  to be filled in from the totals.
- *attendance*: a session at which few people were is held back. No total of attendances is given, nor how many forms
  could have been filled in, which adds them up; median and spread per person are then held back too, as they could
  narrow it down. The spread is in bands; the fewest and the most are not told, as they are one person's.
- *how answers came*: told as counts when each is large enough, else in words.
- *change*: shown from enough pairs; what it was three months later beside it, without the scores themselves.
- *what was told before* (`differencing`): whatever would now differ from it by a few people is held back: the two side
  by side would show those few people's answers.

In one group the counts of better, same and worse are told to the team as soon as there are enough pairs: they are the
coarsest there is, and no cross-table is ever made of them. In the edition to share each of them is enough people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from evaluation.disclosure.differencing import DIFFERS, Bases, compared, only_how_many
from evaluation.disclosure.sources import by_source, enough
from evaluation.disclosure.spread import bands
from evaluation.figures.shapes import (
    FEEDBACK_WITHHELD,
    Benefit,
    Change,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    QuestionFigures,
    SessionFigures,
    Suggestions,
    WayCount,
)
from evaluation.figures.shapes import SHARED as SHARED_EDITION

TEAM, TEAM_FLOOR = (5, 3)  # people a figure rests on in the team's edition: the default, and the least to be set
SHARED, SHARED_FLOOR = 10, 5  # the same for anything that leaves the team

FEW, UNASKED = "few", "unasked"
OneChange = TypeVar("OneChange", Change, Later)


def hold_back(
    figures: Figures, threshold: int, *, earlier: Sequence[Figures] = (), told_before: Sequence[Bases] = ()
) -> Figures:
    """The figures as they may be shown.

    earlier      what was published of the same people, held back likewise
    told_before  what was to be seen when somebody withdrew: on how many it rested (see `bases`)
    """
    if threshold < TEAM_FLOOR:
        raise ValueError(f"A figure rests on at least {TEAM_FLOOR} people.")
    if figures.least != 1:
        raise ValueError("These figures were held back already. Begin with the whole ones.")
    sessions = tuple(_session(session, threshold) for session in figures.sessions)
    hidden = any(session.present is None for session in sessions)
    alone = replace(
        figures,
        least=threshold,
        reach=replace(figures.reach, by_source=by_source(figures.reach, threshold)),
        sessions=sessions,
        dose=Dose(people=figures.dose.people) if hidden else _dose(figures, threshold),
        feedback=_feedback(figures.feedback, threshold),
        ways=_ways(figures.ways, threshold),
        domains=tuple(_domain(domain, threshold) for domain in figures.domains),
        methods=tuple(row for row in figures.methods if row.n >= threshold),
        suggestions=_suggestions(figures.suggestions, threshold),
    )
    return compared(alone, threshold, earlier, told_before)


# --- The edition to share --------------------------------------------------------------------------


def shared(
    figures: Figures,
    threshold: int = SHARED,
    *,
    team: Figures,
    pooled: Figures | None = None,
    pooled_before: Sequence[Figures] = (),
    earlier: Sequence[Figures] = (),
    told_before: Sequence[Bases] = (),
) -> Figures:
    """The edition to share of one cohort.

    figures  whole, nothing held back
    team     the same for the team (`hold_back`): no change is shared that the team may not see
    pooled   whole, of this cohort together with others: stands where it is too small alone
    pooled_before  what was told of these together, held back likewise
    earlier, told_before  as in `hold_back`; `earlier` are the editions shared before
    """
    alone = _within(outside(figures, threshold, earlier=earlier, told_before=told_before), team)
    together = None if pooled is None else _together(pooled, threshold, pooled_before)
    return replace(
        alone,
        edition=SHARED_EDITION,
        reach=replace(alone.reach, by_source=()),
        sessions=tuple(replace(session, present=None, expected=None) for session in alone.sessions),
        ways=(),  # nowhere in this edition
        benefits=benefits(team),
        untold=_why_withheld(team),
        pooled=together if together and together.domains else None,
    )


def _within(alone: Figures, team: Figures) -> Figures:
    """Only what the team's edition tells as well: that one was laid beside all the team has been told."""
    seen = {domain.key: domain for domain in team.domains if domain.change}
    heard = {row.key for row in team.feedback.questions if row.counts is not None}
    feedback = alone.feedback
    return replace(
        alone,
        dose=alone.dose if team.dose.spread else Dose(people=alone.dose.people),
        feedback=replace(
            feedback,
            ways=_also(feedback.ways, team.feedback.ways),
            questions=tuple(row for row in feedback.questions if row.key in heard),
        ),
        methods=tuple(row for row in alone.methods if row in team.methods),
        domains=tuple(
            replace(
                domain,
                at_start=domain.at_start if seen[domain.key].at_start else None,
                later=domain.later if _later_shown(seen[domain.key]) else None,
            )
            for domain in alone.domains
            if domain.key in seen
        ),
    )


def _later_shown(domain: DomainFigures) -> bool:
    return domain.later is not None and domain.later.median is not None


def _also(ways: tuple[WayCount, ...], seen: tuple[WayCount, ...]) -> tuple[WayCount, ...]:
    return ways if ways == seen else tuple(WayCount(way.way, None) for way in ways)


def _together(pooled: Figures, threshold: int, earlier: Sequence[Figures]) -> Figures:
    """Change and what was delivered, no more: whoever took each cohort's own numbers from the rest would have the
    others', and those are chosen to be enough for change alone (`pooling.closes`)."""
    made = outside(pooled, threshold, earlier=earlier)
    return replace(
        made,
        reach=replace(made.reach, by_source=()),
        dose=Dose(people=made.dose.people),
        sessions=tuple(replace(session, present=None, expected=None) for session in made.sessions),
        feedback=FEEDBACK_WITHHELD,
        ways=(),
        methods=(),
        suggestions=Suggestions(None, None),
        domains=tuple(replace(domain, at_start=None) for domain in made.domains),
    )


def outside(
    figures: Figures, threshold: int = SHARED, *, earlier: Sequence[Figures] = (), told_before: Sequence[Bases] = ()
) -> Figures:
    """Held back for readers outside the team: of one cohort or of many. Nothing in it is one person's, neither a line
    nor the end of a range, and what is not told is not in it at all: there is no empty table."""
    few = hold_back(figures, threshold)
    reduced = replace(
        few,
        sessions=tuple(_outside_session(session, threshold) for session in few.sessions),
        feedback=_outside_feedback(few.feedback, few.reach.started, threshold),
        domains=tuple(_outside_domain(domain, threshold) for domain in few.domains),
    )
    remaining = compared(reduced, threshold, earlier, told_before)
    questions = tuple(row for row in remaining.feedback.questions if row.counts is not None)
    return replace(
        remaining,
        feedback=replace(remaining.feedback, questions=questions),
        domains=tuple(domain for domain in remaining.domains if domain.change),
    )


def benefits(team: Figures) -> tuple[Benefit, ...]:
    """How each domain went, in a word, where the team's edition tells it."""
    return tuple(
        Benefit(domain.key, domain.title, _word(domain.change.better or 0, domain.pairs), _later_word(domain.later))
        for domain in team.domains
        if domain.change
    )


def _why_withheld(team: Figures) -> str:
    if any(domain.change for domain in team.domains):
        return ""
    why = {domain.held for domain in team.domains}
    return DIFFERS if DIFFERS in why else FEW if FEW in why else UNASKED


def _later_word(later: Later | None) -> str:
    return "" if later is None or later.better is None else _word(later.better, later.pairs)


def _word(better: int, pairs: int) -> str:
    """How many got better. most: more than half; some: a quarter or more; few: less."""
    return "most" if 2 * better > pairs else "some" if 4 * better >= pairs else "few"


def _outside_session(session: SessionFigures, threshold: int) -> SessionFigures:
    """The team keeps the register itself; elsewhere it is not told how few were away."""
    away = None if session.present is None or session.expected is None else session.expected - session.present
    return session if enough(away, threshold) else replace(session, present=None, expected=None)


def _outside_feedback(feedback: Feedback, started: int, threshold: int) -> Feedback:
    """Several sheets are one person's, so there must be enough people too. Where there is no sheet, how many there
    could have been is not told: a session with few people may be all of them."""
    if not feedback.sheets:
        return Feedback(sheets=0, asked=None)
    return feedback if min(started, feedback.sheets) >= threshold else FEEDBACK_WITHHELD


def _outside_domain(domain: DomainFigures, threshold: int) -> DomainFigures:
    change = domain.change and _by_direction(replace(domain.change, lines=None, low=None, high=None), threshold)
    later = domain.later and _by_direction(domain.later, threshold) if _later_shown(domain) else None
    return replace(only_how_many(domain), change=change, later=later)


def _by_direction(change: OneChange, threshold: int) -> OneChange:
    """How many got better, stayed the same and got worse only where each is enough."""
    better, same, worse = change.better or 0, change.same or 0, change.worse or 0
    if all(enough(n, threshold) for n in (better, same, worse)):
        return change
    if enough(better, threshold) and enough(same + worse, threshold):
        return replace(change, same=None, worse=None)
    return replace(change, better=None, same=None, worse=None)


# --- Part by part ----------------------------------------------------------------------------------


def _session(session: SessionFigures, threshold: int) -> SessionFigures:
    if not enough(session.expected, threshold):
        return replace(session, present=None, expected=None)
    return session if enough(session.present, threshold) else replace(session, present=None)


def _dose(figures: Figures, threshold: int) -> Dose:
    dose = figures.dose
    return replace(dose, spread=bands(figures, threshold)) if dose.people >= threshold else Dose(people=dose.people)


def _ways(ways: tuple[WayCount, ...], threshold: int) -> tuple[WayCount, ...]:
    if all(enough(way.n, threshold) for way in ways):
        return ways
    return tuple(WayCount(way.way, None) for way in ways)


def _feedback(feedback: Feedback, threshold: int) -> Feedback:
    def question(row: QuestionFigures) -> QuestionFigures:
        return row if row.n >= threshold else replace(row, counts=None, median=None)

    return replace(feedback, ways=_ways(feedback.ways, threshold), questions=tuple(map(question, feedback.questions)))


def _suggestions(made: Suggestions, threshold: int) -> Suggestions:
    return made if enough(made.made, threshold) else Suggestions(made=None, answered=None)


def _domain(domain: DomainFigures, threshold: int) -> DomainFigures:
    start = domain.at_start
    if start and min(start.completed, start.others) < threshold:
        domain = replace(domain, at_start=None)
    if domain.change is None:
        return replace(domain, later=None)
    if domain.pairs < threshold:
        return replace(domain, change=None, held=FEW, later=None)
    if domain.later and domain.later.pairs < threshold:
        return replace(domain, later=Later(domain.later.pairs, held=FEW))
    return domain
