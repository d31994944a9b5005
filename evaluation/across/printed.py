"""What a report over many groups is drawn with, on its page and in print."""

from __future__ import annotations

from dataclasses import replace

from django.template.loader import render_to_string
from django.utils import timezone

from evaluation.across.rows import Group
from evaluation.charts.kinds import drawn
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossReport
from ppg.service_details import service

LISTED = 12  # groups named in the report itself; the file has them all
MOST_QUESTIONS, MOST_DOMAINS, MOST_SESSIONS = 10, 10, 14  # in the PDF


def context(report: AcrossReport, figures: Figures, groups: list[Group]) -> dict[str, object]:
    """What page and print are drawn with. groups: all of them."""
    return {
        "report": report,
        "figures": figures,
        "charts": drawn(figures),
        "to_share": True,  # its readers are not a team
        "groups": groups[:LISTED],
        "more": max(0, figures.cohorts - LISTED),
        "held": any(domain.held == "differs" for domain in figures.domains),
        "has_changes": any(domain.change for domain in figures.domains),
        "ended": ended(groups),
    }


def ended(groups: list[Group]) -> dict[str, int] | None:
    """How many groups have ended, of all, and how many in those started and completed. None: all of them, or it is not
    known."""
    if all(group.ended in (True, None) for group in groups):
        return None
    over = [group for group in groups if group.ended]
    counts = {"groups": len(over), "of": len(groups)}
    return counts | {"started": sum(g.started for g in over), "completed": sum(g.completed for g in over)}


def print_html(report: AcrossReport, figures: Figures, groups: list[Group]) -> str:
    few = shortened(figures)
    density = "closer" if len(few.domains) > 6 or len(few.sessions) > 8 or len(few.feedback.questions) > 6 else "close"
    whole = {"figures": replace(few, sessions=figures.sessions)}  # how many were held is their sum
    page = whole | {"service": service.current(), "made_on": timezone.localdate(report.finished_at), "density": density}
    return render_to_string("evaluation/across/print.html", context(report, few, groups) | page)


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
