"""From figures and text to the report's pages. Page and PDF are made of the same parts and the same numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from evaluation import charts
from evaluation.figures import Figures
from evaluation.models import ReportVersion
from evaluation.sections import IN_SHORT, SECTIONS, Section


@dataclass(frozen=True)
class Cover:
    """What the report is about. first_on, last_on: the first and the last session, or None."""

    service: str
    organisation: str
    programme: str
    cohort: str
    area: str
    first_on: date | None
    last_on: date | None
    number: int
    published_on: date
    superseded_on: date | None = None

    def to_dict(self) -> dict[str, str]:
        """What is stored with a version: names and dates as they were when it was published."""
        return {name: str(getattr(self, name) or "") for name in STORED}


STORED = ("service", "organisation", "programme", "cohort", "area", "first_on", "last_on")


def _day(stored: str) -> date | None:
    return date.fromisoformat(stored) if stored else None


def cover_of(version: ReportVersion) -> Cover:
    stored = version.cover
    return Cover(
        service=stored.get("service", ""),
        organisation=stored.get("organisation", ""),
        programme=stored.get("programme", ""),
        cohort=stored.get("cohort", ""),
        area=stored.get("area", ""),
        first_on=_day(stored.get("first_on", "")),
        last_on=_day(stored.get("last_on", "")),
        number=version.number,
        published_on=timezone.localdate(version.published_at),
        superseded_on=timezone.localdate(version.superseded_at) if version.superseded_at else None,
    )


def written(text: Mapping[str, str]) -> list[tuple[Section, str]]:
    """The sections that have been written, in their order."""
    return [(section, words) for section in SECTIONS if (words := text.get(section.key, "").strip())]


def context(figures: Figures, text: Mapping[str, str]) -> dict[str, Any]:
    """What the report's parts are drawn with, on the page and in print."""
    return {
        "figures": figures,
        "charts": charts.drawn(figures),
        "in_short": text.get(IN_SHORT.key, "").strip(),
        "sections": written(text),
    }


def print_html(cover: Cover, figures: Figures, text: Mapping[str, str]) -> str:
    """The page that becomes the PDF."""
    return render_to_string("evaluation/report_print.html", context(figures, text) | {"cover": cover})
