"""What stands in a report beside its sections while it is written, in the form in which a version stores it."""

from __future__ import annotations

from typing import Any

from evaluation.models import ChosenQuote, Recommendation, Report
from feedback.quotes.queries import standing


def quotes(report: Report) -> list[dict[str, str]]:
    """Those chosen that may stand today, theme by theme, in their order."""
    chosen = ChosenQuote.objects.filter(report=report, quote__in=standing(report.cohort)).select_related("quote")
    rows = []
    for choice in chosen.prefetch_related("quote__themes"):
        theme = next((theme.title for theme in choice.quote.themes.all()), "")
        rows.append({"code": choice.quote.code, "words": choice.quote.words, "theme": theme})
    return rows


def recommendations(report: Report) -> list[dict[str, Any]]:
    rows = Recommendation.objects.filter(report=report)
    return [{"text": row.text, "owner": row.owner, "due": str(row.due_on or "")} for row in rows]
