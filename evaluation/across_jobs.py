"""Making a report over many groups, in the background."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from evaluation import across_counts, charts
from evaluation.across import Pool
from evaluation.across_rows import Group, Reader, in_chunks, keys_of
from evaluation.actions import across
from evaluation.disclosure.counts import Counts
from evaluation.figures import Figures
from evaluation.models import AcrossReport
from ppg import service
from ppg.pdf import render_pdf

LISTED = 12  # groups named in the report itself; the file has them all
MOST_QUESTIONS, MOST_DOMAINS, MOST_SESSIONS = 10, 10, 14  # in the PDF


@task()
def make(code: str) -> None:
    """Safe to repeat: it starts over, unless somebody is at it. Cancelled, it stops after a few groups."""
    report = across.begin(code, timezone.now())
    if report is None:
        return
    try:
        _make(report)
    except Exception:
        across.fail(report)
        raise


def _make(report: AcrossReport) -> None:
    made = read(report)
    if made is None:
        return
    whole, counts, groups = made
    shown = across.keep(report, whole, counts, groups)
    if shown is not None:
        across.finish(report, render_pdf(print_html(report, shown, groups)))


def read(report: AcrossReport) -> tuple[Figures, Counts, list[Group]] | None:
    """Everything, nothing held back yet; None where nobody waits for it any more."""
    keys, read = keys_of(report), 0
    pool, counts, reader, groups = Pool(), Counts(), Reader(timezone.now()), []
    if not across.go_on(report, 0, len(keys)):
        return None
    for some in in_chunks(keys):
        for group, chunk in reader.read(some):
            pool.add(chunk)
            across_counts.add(counts, group.code, chunk)
            groups.append(group)
        read += len(some)
        if not across.go_on(report, read, len(keys)):
            return None
    return pool.figures(), counts, groups


def context(report: AcrossReport, figures: Figures, groups: list[Group]) -> dict[str, object]:
    """What page and print are drawn with."""
    return {
        "report": report,
        "figures": figures,
        "charts": charts.drawn(figures),
        "to_share": True,  # its readers are not a team
        "groups": groups[:LISTED],
        "more": max(0, figures.cohorts - LISTED),
        "held": any(domain.held == "differs" for domain in figures.domains),
    }


def print_html(report: AcrossReport, figures: Figures, groups: list[Group]) -> str:
    few = shortened(figures)
    density = "closer" if len(few.domains) > 6 or len(few.sessions) > 8 or len(few.feedback.questions) > 6 else "close"
    whole = {"figures": replace(few, sessions=figures.sessions)}  # how many were held is their sum
    page = whole | {"service": service.current(), "made_on": timezone.localdate(), "density": density}
    return render_to_string("evaluation/across_print.html", context(report, few, groups) | page)


def shortened(figures: Figures) -> Figures:
    """As much as eight pages hold: what most people answered. Page and file have everything."""
    kept = sorted(figures.feedback.questions, key=lambda question: -question.n)[:MOST_QUESTIONS]
    domains = sorted(figures.domains, key=lambda domain: -domain.pairs)[:MOST_DOMAINS]
    return replace(
        figures,
        sessions=figures.sessions[:MOST_SESSIONS],
        feedback=replace(
            figures.feedback, questions=tuple(question for question in figures.feedback.questions if question in kept)
        ),
        domains=tuple(domain for domain in figures.domains if domain in domains),
    )


def sweep(now: datetime) -> int:
    """Reports whose worker died are begun again by another."""
    codes = across.lost(now)
    for code in codes:
        make.enqueue(code)
    return len(codes)
