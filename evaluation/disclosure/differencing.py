"""What was published before, compared with what is to be published now: a few people between them are a small number
too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluation.disclosure.sources import COLUMNS
from evaluation.figures.shapes import (
    AtStart,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    MethodCount,
    QuestionFigures,
    SessionFigures,
    WayCount,
)

DIFFERS = "differs"
Bases = Mapping[str, int]  # what a figure rests on -> how many


def bases(figures: Figures) -> dict[str, int]:
    """What these figures show of the answers before and after, and on how many it rests. Kept when somebody
    withdraws, to compare with later (`remember` in evaluation.withdrawing.actions)."""
    counts = {domain.key: domain.pairs for domain in figures.domains if domain.change}
    for domain in figures.domains:
        if domain.later and domain.later.median is not None:
            counts[f"later:{domain.key}"] = domain.later.pairs
        if domain.at_start:
            counts[f"completed:{domain.key}"] = domain.at_start.completed
            counts[f"others:{domain.key}"] = domain.at_start.others
    return counts | {f"way:{way.way}": way.n for way in figures.ways if way.n}


def few_between(now: int | None, past: int | None, threshold: int) -> bool:
    return now is not None and past is not None and 0 < abs(now - past) < threshold


def compared(figures: Figures, threshold: int, earlier: Sequence[Figures], told_before: Sequence[Bases]) -> Figures:
    """Figures already held back by themselves, less what would tell of a few people beside what was told before."""
    for past in earlier:
        figures = _against_version(figures, past, threshold)
    for counts in told_before:
        figures = _against_bases(figures, counts, threshold)
    return forms_that_could_be(figures)


def forms_that_could_be(figures: Figures) -> Figures:
    """How many feedback forms there could have been adds up who was at each session: not told where one of these is
    held back, nor where a register put right since says fewer than there were forms."""
    feedback = figures.feedback
    hidden = any(session.held and session.present is None for session in figures.sessions)
    more = feedback.asked is not None and (feedback.sheets or 0) > feedback.asked
    return replace(figures, feedback=replace(feedback, asked=None)) if hidden or more else figures


def _against_version(now: Figures, past: Figures, threshold: int) -> Figures:
    sessions = _sessions(now.sessions, past.sessions, threshold)
    pasts = {domain.key: domain for domain in past.domains}
    return replace(
        now,
        reach=now.reach if _same_sources(now, past, threshold) else replace(now.reach, by_source=()),
        sessions=sessions,
        dose=now.dose if sessions == now.sessions and _same_dose(now, past) else Dose(people=now.dose.people),
        feedback=_feedback(now.feedback, past.feedback, threshold),
        ways=_ways(now.ways, {way.way: way.n for way in past.ways}, threshold),
        methods=_methods(now.methods, past.methods, threshold),
        domains=tuple(_domain(domain, pasts.get(domain.key), threshold) for domain in now.domains),
    )


def _same_sources(now: Figures, past: Figures, threshold: int) -> bool:
    """Whether the table may stand: it was told as the same one, or one that differs by nobody or by enough.

    Where none was told, and there are a few people more or less now, it stays untold: whoever knows why there was
    none could take those few from what it says now.
    """
    after, before = ({row.source: row for row in figures.reach.by_source} for figures in (now, past))
    if not before:
        return not any(
            few_between(getattr(now.reach, column), getattr(past.reach, column), threshold) for column in COLUMNS
        )
    if after.keys() != before.keys():
        return not after
    return not any(
        few_between(getattr(row, column), getattr(before[source], column), threshold)
        for source, row in after.items()
        for column in COLUMNS
    )


def _sessions(
    now: tuple[SessionFigures, ...], past: tuple[SessionFigures, ...], threshold: int
) -> tuple[SessionFigures, ...]:
    before = {session.number: session for session in past}

    def compare(session: SessionFigures) -> SessionFigures:
        other = before.get(session.number)
        if other is None or session.held != other.held:
            return session
        few = few_between(session.expected, other.expected, threshold)
        if session.held and other.present is None:  # few were there: one more now would say how many
            return replace(session, present=None, expected=None if few or other.expected is None else session.expected)
        few = few or few_between(session.present, other.present, threshold)
        return replace(session, present=None, expected=None) if few else session

    return tuple(map(compare, now))


def _same_dose(now: Figures, past: Figures) -> bool:
    """Sessions held since change everybody's; beside that, a dose that is not the same is that of a few people."""
    if now.sessions_held != past.sessions_held or past.dose.median is None:
        return True
    return now.dose == past.dose or not past.dose.spread  # stored before there was a spread: nothing to subtract from


def _feedback(now: Feedback, past: Feedback, threshold: int) -> Feedback:
    before = {question.key: question for question in past.questions if question.counts is not None}

    def question(row: QuestionFigures) -> QuestionFigures:
        other = before.get(row.key)
        same = other is None or other.counts == row.counts or abs(row.n - other.n) >= threshold
        return row if same else replace(row, counts=None, median=None)

    ways = _ways(now.ways, {way.way: way.n for way in past.ways}, threshold)
    return replace(now, ways=ways, questions=tuple(map(question, now.questions)))


def _ways(now: tuple[WayCount, ...], past: Mapping[str, int | None], threshold: int) -> tuple[WayCount, ...]:
    if any(few_between(way.n, past.get(way.way, way.n), threshold) for way in now):
        return tuple(WayCount(way.way, None) for way in now)
    return now


def _methods(now: tuple[MethodCount, ...], past: tuple[MethodCount, ...], threshold: int) -> tuple[MethodCount, ...]:
    before = {row.method: row.n for row in past}
    return tuple(row for row in now if not few_between(row.n, before.get(row.method), threshold))


def _domain(now: DomainFigures, past: DomainFigures | None, threshold: int) -> DomainFigures:
    if past is None:
        return now
    now = replace(now, later=_later(now.later, past.later, threshold))
    if any(few_between(getattr(now, which), getattr(past, which), threshold) for which in WITHOUT_PAIR):
        now = only_how_many(now)
    same = (now.change, now.pairs) == (past.change, past.pairs)
    if now.change and past.change and not same and abs(now.pairs - past.pairs) < threshold:
        # What those who completed said at the start would differ by the same people.
        return replace(now, change=None, at_start=None, later=None, held=DIFFERS)
    if (
        now.at_start
        and past.at_start
        and now.at_start != past.at_start
        and _near(now.at_start, past.at_start, threshold)
    ):
        return replace(now, at_start=None)
    return now


WITHOUT_PAIR = ("before_only", "after_only", "neither")


def only_how_many(domain: DomainFigures) -> DomainFigures:
    """Of those without a pair not which answer they lack: somebody who withdraws goes from one number to the other."""
    return replace(domain, before_only=None, after_only=None, neither=None)


def _later(now: Later | None, past: Later | None, threshold: int) -> Later | None:
    if not now or not past or now == past or now.median is None or past.median is None:
        return now
    return now if abs(now.pairs - past.pairs) >= threshold else Later(now.pairs, held=DIFFERS)


def _near(now: AtStart, past: AtStart, threshold: int) -> bool:
    return abs(now.completed - past.completed) < threshold or abs(now.others - past.others) < threshold


def _against_bases(now: Figures, past: Bases, threshold: int) -> Figures:
    """After a withdrawal. The same number need not be the same people, so it is held back as well."""

    def near(key: str, n: int) -> bool:
        return key in past and abs(n - past[key]) < threshold

    def compare(domain: DomainFigures) -> DomainFigures:
        domain = only_how_many(domain)
        if domain.change and near(domain.key, domain.pairs):
            return replace(domain, change=None, at_start=None, later=None, held=DIFFERS)
        if domain.later and domain.later.median is not None and near(f"later:{domain.key}", domain.later.pairs):
            domain = replace(domain, later=Later(domain.later.pairs, held=DIFFERS))
        start = domain.at_start
        if start and (near(f"completed:{domain.key}", start.completed) or near(f"others:{domain.key}", start.others)):
            return replace(domain, at_start=None)
        return domain

    ways = now.ways
    if any(way.n is not None and near(f"way:{way.way}", way.n) for way in ways):
        ways = tuple(WayCount(way.way, None) for way in ways)
    return replace(now, ways=ways, domains=tuple(map(compare, now.domains)))
