"""What may be shown, and to whom. Pure: `Figures` in, `Figures` out.

How many were referred, invited, started and completed may always be told. Everything else rests on enough people,
and so does whatever could be worked out from it by taking one number from another:

- *by source*: sources too small to be told are put together, and a column is split by source only where each part,
  and each step from the column before it, is nobody at all or enough people. Nothing is blanked, so there is no hole
  to be filled in from the totals.
- *attendance*: a session at which few people were says "fewer than 5". No total of attendances is given, and the
  median and range per person are then held back too, as they could narrow it down.
- *how answers came*: told as counts when each is large enough, else in words.
- *change*: shown from enough pairs. A change that has been shown before, and would now differ by a few people,
  is held back: the two laid side by side would show those few people's answers.

In one group the counts of better, same and worse are told as soon as there are enough pairs: they are the coarsest
there is, and no cross-table is ever made of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluation.figures import SHARED as SHARED_EDITION
from evaluation.figures import (
    Benefit,
    Change,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    QuestionFigures,
    Reach,
    SessionFigures,
    SourceReach,
    WayCount,
)

TEAM, TEAM_FLOOR = (5, 3)  # people a figure rests on in the team's edition: the default, and the least to be set
SHARED, SHARED_FLOOR = 10, 5  # the same for anything that leaves the team

FEW, DIFFERS = "few", "differs"

COLUMNS = ("referred", "offered", "started", "completed")


def hold_back(
    figures: Figures, threshold: int, *, earlier: Sequence[Figures] = (), told_before: Sequence[Mapping[str, int]] = ()
) -> Figures:
    """The figures as they may be shown.

    earlier      what was published of the same people, held back likewise
    told_before  what was to be seen when somebody withdrew: how many pairs, by domain (see `told`)
    """
    if threshold < TEAM_FLOOR:
        raise ValueError(f"A figure rests on at least {TEAM_FLOOR} people.")
    if figures.least != 1:
        raise ValueError("These figures were held back already. Begin with the whole ones.")
    sessions = tuple(_session(session, threshold) for session in figures.sessions)
    hidden = any(session.present is None for session in sessions)
    return replace(
        figures,
        least=threshold,
        reach=_reach(figures.reach, threshold),
        sessions=sessions,
        dose=Dose(people=figures.dose.people) if hidden or figures.dose.people < threshold else figures.dose,
        feedback=_feedback(figures.feedback, threshold),
        ways=_ways(figures.ways, threshold),
        domains=tuple(_domain(domain, threshold, earlier, told_before) for domain in figures.domains),
    )


def shared(
    figures: Figures,
    threshold: int = SHARED,
    *,
    team: Figures,
    pooled: Figures | None = None,
    earlier: Sequence[Figures] = (),
    told_before: Sequence[Mapping[str, int]] = (),
) -> Figures:
    """The edition to share.

    figures  whole, nothing held back
    team     the same for the team (`hold_back`): nothing is shared that the team may not see
    pooled   whole, of this cohort together with others
    earlier, told_before  as in `hold_back`, of the editions shared before
    """
    few = hold_back(figures, threshold, earlier=earlier, told_before=told_before)
    return replace(few, edition=SHARED_EDITION, benefits=benefits(team))


def benefits(team: Figures) -> tuple[Benefit, ...]:
    """How each domain went, in a word, where the team's edition tells it."""
    return tuple(
        Benefit(domain.key, domain.title, _word(domain.change.better or 0, domain.pairs))
        for domain in team.domains
        if domain.change
    )


def _word(better: int, pairs: int) -> str:
    """ "most": more than half; "some": a quarter or more; "few": less."""
    return "most" if 2 * better > pairs else "some" if 4 * better >= pairs else "few"


def told(figures: Figures) -> dict[str, int]:
    """Which changes these figures show, and on how many pairs: kept when somebody withdraws, to compare with later."""
    return {domain.key: domain.pairs for domain in figures.domains if domain.change}


def enough(n: int | None, threshold: int) -> bool:
    """Nobody at all, or as many as a figure must rest on."""
    return n is not None and (n == 0 or n >= threshold)


# --- By source -------------------------------------------------------------------------------------


def _reach(reach: Reach, threshold: int) -> Reach:
    rows = {row.source: tuple(getattr(row, column) for column in COLUMNS) for row in reach.by_source}
    parts = split(rows, threshold)
    return replace(
        reach,
        by_source=tuple(SourceReach(source, *counts) for source, counts in parts),  # type: ignore[arg-type]
    )


def split(rows: dict[str, tuple[int, ...]], threshold: int) -> list[tuple[str, tuple[int | None, ...]]]:
    """Rows of counts that never grow from left to right, as they may be told beside the columns' totals.

    Small rows are put together under "", last. A column that may not be split is None all the way down.
    An empty list: there is nothing to split. One source alone is named: the totals are its own.
    """
    pooled = _pool(rows, threshold)
    if len(pooled) < 2 and not (pooled and pooled[0][0]):  # nothing left, or everything put together
        return []
    width = len(pooled[0][1])
    told = [0]
    for column in range(1, width):
        if all(
            enough(counts[column], threshold) and enough(counts[told[-1]] - counts[column], threshold)
            for _, counts in pooled
        ):
            told.append(column)
    counts_only = [counts for _, counts in pooled]
    hidden = [column for column in range(width) if column not in told]
    if len(pooled) > 1 and any(_can_be_worked_out(counts_only, column, told) for column in hidden):
        told = [0]
    return [
        (source, tuple(count if column in told else None for column, count in enumerate(counts)))
        for source, counts in pooled
    ]


def _pool(rows: dict[str, tuple[int, ...]], threshold: int) -> list[tuple[str, tuple[int, ...]]]:
    """Rows with enough in their first column; the others added up, with the smallest of the large ones if need be.

    Equal rows go the same way, and those put together are never all one below the threshold: so whoever knows the
    sum and this rule can still exchange any two of them, or move one person, and see the same table.
    """
    sizes = sorted({counts[0] for counts in rows.values() if counts[0]})
    limit = threshold  # rows smaller than this are put together
    while True:
        together = [source for source in sorted(rows) if 0 < rows[source][0] < limit]
        larger = [size for size in sizes if size >= limit]
        total = sum(rows[source][0] for source in together)
        told = total >= threshold and any(rows[source][0] != threshold - 1 for source in together)
        if told or not together or not larger:
            break
        limit = larger[0] + 1
    parts = [(source, rows[source]) for source in sorted(rows) if rows[source][0] >= limit]
    if together:
        parts.append(("", tuple(map(sum, zip(*(rows[source] for source in together), strict=True)))))
    return parts


def _can_be_worked_out(rows: Sequence[tuple[int, ...]], column: int, told: Sequence[int]) -> bool:
    """Whether a column's total and the columns told beside it leave some row only one number, and that a small one.

    A row lies between its next told neighbours on the right (or nothing) and on the left. Given the total, its own
    least is what remains when all the others have their most, and the other way round.
    """
    left = max(index for index in told if index < column)
    right = min((index for index in told if index > column), default=None)
    total = sum(row[column] for row in rows)
    most = [row[left] for row in rows]
    least = [0 if right is None else row[right] for row in rows]
    if total == sum(most) or total == sum(least):
        return False  # the totals, which may always be told, say so by themselves
    return any(
        least[i] < most[i]  # else the row is told anyway: nobody came or went
        and max(least[i], total - (sum(most) - most[i])) == min(most[i], total - (sum(least) - least[i]))
        for i in range(len(rows))
    )


# --- The rest --------------------------------------------------------------------------------------


def _session(session: SessionFigures, threshold: int) -> SessionFigures:
    if not enough(session.expected, threshold):
        return replace(session, present=None, expected=None)
    return session if enough(session.present, threshold) else replace(session, present=None)


def _ways(ways: tuple[WayCount, ...], threshold: int) -> tuple[WayCount, ...]:
    if all(enough(way.n, threshold) for way in ways):
        return ways
    return tuple(WayCount(way.way, None) for way in ways)


def _feedback(feedback: Feedback, threshold: int) -> Feedback:
    def question(row: QuestionFigures) -> QuestionFigures:
        return row if row.n >= threshold else replace(row, counts=None, median=None)

    return replace(feedback, ways=_ways(feedback.ways, threshold), questions=tuple(map(question, feedback.questions)))


def _domain(
    domain: DomainFigures, threshold: int, earlier: Sequence[Figures], told_before: Sequence[Mapping[str, int]]
) -> DomainFigures:
    start = domain.at_start
    if start and min(start.completed, start.others) < threshold:
        domain = replace(domain, at_start=None)
    if domain.change is None:
        return domain
    if domain.pairs < threshold:
        return replace(domain, change=None, held=FEW)
    shown = [past for figures in earlier for past in figures.domains if past.key == domain.key and past.change]
    withdrawn = any(abs(domain.pairs - past.get(domain.key, -threshold)) < threshold for past in told_before)
    if withdrawn or any(_differs_by_few(domain.pairs, domain.change, past, threshold) for past in shown):
        # What those who completed said at the start would differ by the same people.
        return replace(domain, change=None, at_start=None, held=DIFFERS)
    return domain


def _differs_by_few(pairs: int, change: Change, past: DomainFigures, threshold: int) -> bool:
    return change != past.change and abs(pairs - past.pairs) < threshold
