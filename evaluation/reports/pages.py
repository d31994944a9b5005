"""From figures and text to the report's pages. Page and PDF are made of the same parts and the same numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from evaluation.charts.kinds import drawn
from evaluation.figures.shapes import SHARED, Figures
from evaluation.models import ReportVersion
from evaluation.reports.sections import IN_SHORT, SECTIONS, Section
from ppg.service_details import service
from programmes.models import Cohort


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
    purpose: str = ""  # of the programme

    @property
    def still_running(self) -> bool:
        """Sessions were still to come when it was published."""
        return self.last_on is not None and self.last_on > self.published_on

    def to_dict(self) -> dict[str, str]:
        """What is stored with a version: names and dates as they were when it was published."""
        return {name: str(getattr(self, name) or "") for name in STORED}


STORED = ("service", "organisation", "programme", "purpose", "cohort", "area", "first_on", "last_on")


def _day(stored: str) -> date | None:
    return date.fromisoformat(stored) if stored else None


def cover_of(version: ReportVersion) -> Cover:
    stored = version.cover
    return Cover(
        service=stored.get("service", ""),
        organisation=stored.get("organisation", ""),
        programme=stored.get("programme", ""),
        purpose=stored.get("purpose", ""),
        cohort=stored.get("cohort", ""),
        area=stored.get("area", ""),
        first_on=_day(stored.get("first_on", "")),
        last_on=_day(stored.get("last_on", "")),
        number=version.number,
        published_on=timezone.localdate(version.published_at),
        superseded_on=timezone.localdate(version.superseded_at) if version.superseded_at else None,
    )


def cover_now(cohort: Cohort, number: int, now: datetime) -> Cover:
    days = [session.day for session in cohort.sessions.taking_place().order_by("starts_at")]
    ours = service.current()
    return Cover(
        service=ours.name,
        organisation=ours.organisation,
        programme=cohort.programme.title,
        purpose=cohort.programme.purpose,
        cohort=cohort.name,
        area=cohort.area,
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        number=number,
        published_on=timezone.localdate(now),
    )


def figures_of(version: ReportVersion, edition: str) -> Figures | None:
    """None: the version is older than the edition to share."""
    stored = version.shared_figures if edition == SHARED else version.figures
    return None if stored is None else Figures.from_dict(stored)


LAST = "recommendations"  # the section that the table of recommendations belongs to


def written(text: Mapping[str, str]) -> list[tuple[Section, str]]:
    """The sections that have been written, in their order."""
    return [(section, words) for section in SECTIONS if (words := text.get(section.key, "").strip())]


def context(
    figures: Figures,
    text: Mapping[str, str],
    *,
    quotes: Sequence[Mapping[str, str]] = (),
    recommendations: Sequence[Mapping[str, str]] = (),
    about: Cover | None = None,
) -> dict[str, Any]:
    """What the report's parts are drawn with, on the page and in print. Quotes and recommendations are as a version
    stores them (`ReportVersion`)."""
    sections = written(text)
    return {
        "figures": figures,
        "to_share": figures.edition == SHARED,
        "charts": drawn(figures),
        "pooled": figures.pooled and drawn(figures.pooled)["domains"],
        "in_short": text.get(IN_SHORT.key, "").strip(),
        "sections": [(section, words) for section, words in sections if section.key != LAST],
        "to_do": next((words for section, words in sections if section.key == LAST), ""),
        "quotes": by_theme(quotes),
        "running": about is not None and about.still_running,
        "recommendations": [dict(row) | {"due": _day(row.get("due", ""))} for row in recommendations],
    }


def by_theme(quotes: Sequence[Mapping[str, str]]) -> list[tuple[str, list[str]]]:
    """Themes in the order in which they first come, each with its quotes; a quote taken out is empty words."""
    themes: dict[str, list[str]] = {}
    for quote in quotes:
        themes.setdefault(quote.get("theme", ""), []).append(quote["words"])
    return list(themes.items())


# What stands on a page of the PDF, in lines of text, guessed well enough to know when to print closer together.
LINE, QUOTE_LINE, CELL = 95, 80, 48  # letters
ON_A_PAGE = 45
CLOSE, CLOSER = 6 * ON_A_PAGE, 8 * ON_A_PAGE


MOST_ON_COVER = 12  # lines, names included


def density(cover: Cover, figures: Figures, page: Mapping[str, Any]) -> str:
    """How closely the PDF is printed, so that it keeps to its eight pages with every text at its longest."""

    def lines(words: str, letters: int) -> int:
        return sum(math.ceil(len(line) / letters) for line in words.splitlines() if line.strip())

    used = (
        2 * ON_A_PAGE
        + 20
        + sum(4.4 + 1.4 * (len(session.title) > 36) for session in figures.sessions)
        + sum(8.5 + 2 * bool(domain.later) for domain in figures.domains)
    )
    used += sum(3 + 1.3 * len(row.options) for row in figures.feedback.questions)
    used += sum(4 + lines(words, LINE) for words in [*(words for _section, words in page["sections"]), page["to_do"]])
    used += sum(1 + 1.2 * lines(words, QUOTE_LINE) for _theme, quotes in page["quotes"] for words in quotes)
    used += sum(1 + lines(row["text"], CELL) for row in page["recommendations"])
    if page["pooled"]:
        used += 5 + 7 * len(page["pooled"])
    names = sum(lines(words, 50) for words in (cover.organisation, cover.programme, cover.cohort))
    names += lines(cover.purpose[:250], 95)
    full = lines(page["in_short"], 75) + names + 2 * bool(cover.superseded_on) > MOST_ON_COVER
    return "closer" if used > CLOSER else "close" if used > CLOSE else "close roomy" if full else ""


def print_html(
    cover: Cover,
    figures: Figures,
    text: Mapping[str, str],
    *,
    quotes: Sequence[Mapping[str, str]] = (),
    recommendations: Sequence[Mapping[str, str]] = (),
) -> str:
    """The page that becomes the PDF."""
    page = context(figures, text, quotes=quotes, recommendations=recommendations, about=cover) | {"cover": cover}
    return render_to_string("evaluation/reports/print.html", page | {"density": density(cover, figures, page)})


def print_version(version: ReportVersion, edition: str) -> str | None:
    """An edition of a published version as the page that becomes its PDF."""
    figures = figures_of(version, edition)
    if figures is None:
        return None
    given = {"quotes": version.quotes, "recommendations": version.recommendations}
    return print_html(cover_of(version), figures, version.text, **given)
