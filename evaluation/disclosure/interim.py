"""What is told between two versions of a report, on pages and in files that are made anew whenever somebody opens them.

Nobody keeps what was told there, so nothing can be compared with it: whoever looks before and after one tick, one
referral or one note has the difference. What would show something by it is told as the last version tells it.
"""

from __future__ import annotations

from dataclasses import replace

from evaluation.disclosure.differencing import only_how_many
from evaluation.figures.shapes import Dose, Figures


def settled(figures: Figures, version: Figures | None) -> Figures:
    """For everybody: how those who went on to complete had begun, beside the others. A tick makes somebody one of those
    who completed, and the two medians would move by what that person had answered.

    version  the last one, unless somebody has withdrawn since
    """
    starts = {domain.key: domain.at_start for domain in version.domains} if version else {}
    domains = tuple(replace(domain, at_start=starts.get(domain.key)) for domain in figures.domains)
    return replace(figures, domains=domains)


def as_published(figures: Figures, version: Figures | None, number: int) -> Figures:
    """For those who do not write the report: where people came from, how often each came and what notes told of, too.
    A table that was not there on Monday and is there on Tuesday, when one more has come, says where that one came from
    and what Monday's would have said. Of those without a pair it is told how many, not which answer they lack.

    version  the last one, if there is any; number: its own, or 0
    """
    return replace(
        figures,
        as_in_version=number,
        reach=replace(figures.reach, by_source=version.reach.by_source if version else ()),
        dose=version.dose if version else Dose(people=figures.dose.people),
        methods=version.methods if version else (),
        domains=tuple(map(only_how_many, figures.domains)),
    )
