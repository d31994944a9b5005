"""Our own small charts, drawn as SVG: the same in page and PDF.

Real text, a title and a description in each, presentation attributes only (the pages allow no inline style), wide
enough to read at 320 px. Nothing is told by colour alone: every bar has its number beside it, lines that fall are
dashed, and the same figures stand in words or in a table near each chart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluation.figures import Change, DomainFigures, Figures, QuestionFigures, percent
from evaluation.templatetags.evaluation import n_of, score, signed

WIDTH = 290  # of every chart, in its own units: fits a page of 320 px without being made smaller
LONGEST = 39  # letters that fit above a bar

# On white: better 7.1, worse 7.9, grey 4.9 to one; the pale grey carries dark text only.
BETTER, WORSE, SAME, TRACK, INK, QUIET = "#12505b", "#8a3b12", "#c9d1d3", "#e6eaeb", "#0b0c0c", "#50585c"


@dataclass(frozen=True)
class Bar:
    """A bar with its label above and its number beside it. of: the length of its track, 0 for none."""

    label: str
    value: int
    told: str
    of: int = 0


def reach(figures: Figures) -> SafeString:
    """How many were referred, invited, started and completed."""
    steps = figures.reach
    most = max(steps.referred, 1)
    bars = [
        Bar(_("Referred"), steps.referred, str(steps.referred), most),
        Bar(_("Offered a place"), steps.offered, str(steps.offered), most),
        Bar(_("Started: came at least once"), steps.started, str(steps.started), most),
        Bar(_("Completed: came to two thirds or more"), steps.completed, str(steps.completed), most),
    ]
    return _bars(_("From referral to completing the programme"), bars)


def attendance(figures: Figures) -> SafeString:
    """Who was there of who was expected, session by session."""
    bars = []
    for session in figures.sessions:
        label = f"{session.number}. {session.title}"
        if not session.held:
            bars.append(Bar(label, 0, _("not held")))
        elif session.present is None or session.expected is None:
            bars.append(Bar(label, 0, _("under %(least)s") % {"least": figures.least}))
        else:
            told = _("%(n)s of %(of)s") % {"n": session.present, "of": session.expected}
            bars.append(Bar(label, session.present, told, session.expected))
    return _bars(_("People at each session"), bars)


def question(row: QuestionFigures) -> SafeString:
    """How often each answer was given."""
    if row.counts is None:
        return SafeString("")
    most = max(*row.counts, 1)
    bars = [
        Bar(option, count, str(n_of(count, row.n)) if row.n >= 10 else str(count), most)
        for option, count in zip(row.options, row.counts, strict=True)
    ]
    return _bars(row.text, bars)


def _bars(title: str, bars: list[Bar]) -> SafeString:
    longest = max((bar.of or bar.value for bar in bars), default=1) or 1
    widest = max((len(bar.told) for bar in bars), default=0)
    room = WIDTH - 10 - 8 * widest  # for the bars, beside the longest number
    rows = [
        {
            "label": _shortened(bar.label),
            "told": bar.told,
            "y": 4 + 44 * i,
            "width": round(room * bar.value / longest, 1),
            "track": round(room * bar.of / longest, 1),
        }
        for i, bar in enumerate(bars)
    ]
    words = "; ".join(f"{bar.label}: {bar.told}" for bar in bars)
    return _draw("bars", title, words, 44 * len(bars), rows=rows, room=room + 8)


def lines(domain: DomainFigures) -> SafeString:
    """Each pair of answers as a line from before to after. Nobody is named, and the lines have no order."""
    change = domain.change
    if change is None or not change.lines:
        return SafeString("")
    top, bottom, left, right = 16, 168, 96, 222

    def y(value: float) -> float:
        return round(bottom - (value - domain.low) / (domain.high - domain.low) * (bottom - top), 1)

    drawn = []
    for (before, after), people in sorted(Counter(change.lines).items()):
        kind = "same" if abs(after - before) <= change.step + 1e-9 else "better" if after > before else "worse"
        drawn.append({"y1": y(before), "y2": y(after), "kind": kind, "width": 1 + people})
    ticks = [{"y": y(value), "told": f"{value:g}"} for value in _ticks(domain.low, domain.high)]
    medians = {
        "before": y(change.before),
        "after": y(change.after),
        "before_told": score(change.before),
        "after_told": score(change.after),
    }
    title = _("%(domain)s: each person’s score before and after") % {"domain": domain.title}
    return _draw(
        "lines",
        title,
        _in_words(change),
        232,
        ticks=ticks,
        lines=drawn,
        medians=medians,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
        kinds={line["kind"] for line in drawn},
    )


def balance(domain: DomainFigures) -> SafeString:
    """How many are better, the same and worse, as parts of one bar."""
    change = domain.change
    if change is None:
        return SafeString("")
    parts: list[dict[str, Any]] = []
    x = 0.0
    for label, n, fill, ink in (
        (_("better"), change.better, BETTER, "#ffffff"),
        (_("the same"), change.same, SAME, INK),
        (_("worse"), change.worse, WORSE, "#ffffff"),
    ):
        width = WIDTH * n / domain.pairs
        share = percent(n, domain.pairs)
        told = f"{n} {label}" if share is None else f"{n} {label} ({share}%)"
        parts.append(
            {"x": round(x, 1), "width": round(width, 1), "n": n, "fill": fill, "ink": ink, "told": told}
            | {"middle": round(x + width / 2, 1), "fits": width >= 9 * len(str(n)) + 6}
        )
        x += width
    # One line of words when they fit, else a line each.
    together = sum(len(part["told"]) for part in parts) <= 30
    at = 0.0
    for i, part in enumerate(parts):
        part |= {"word_x": round(at, 1), "word_y": 54 if together else 54 + 20 * i}
        at += (len(part["told"]) * 7.6 + 30) if together else 0
    title = _("%(domain)s: better, the same or worse") % {"domain": domain.title}
    return _draw("balance", title, _in_words(change), 62 if together else 102, parts=parts)


def _in_words(change: Change) -> str:
    return _(
        "%(better)s better, %(same)s the same, %(worse)s worse. Median change %(median)s, from %(low)s to %(high)s."
    ) % {
        "better": change.better,
        "same": change.same,
        "worse": change.worse,
        "median": signed(change.median),
        "low": signed(change.low),
        "high": signed(change.high),
    }


def _ticks(low: float, high: float) -> list[float]:
    """The ends of the scale and what lies evenly between, at most five lines."""
    steps = next(n for n in (4, 5, 3, 2, 1) if (high - low) % n == 0 or n == 1)
    return [low + (high - low) * i / steps for i in range(steps + 1)]


def _shortened(label: str) -> str:
    """What fits in the chart; the whole of it stands in the description and in the table."""
    return label if len(label) <= LONGEST else label[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def _draw(kind: str, title: str, words: str, height: int, **context: Any) -> SafeString:
    colours = {"better": BETTER, "worse": WORSE, "same": SAME, "track": TRACK, "ink": INK, "quiet": QUIET}
    return SafeString(
        render_to_string(
            f"evaluation/charts/{kind}.svg",
            {"title": title, "words": words, "height": height, "all": WIDTH, "colour": colours} | context,
        )
    )


def drawn(figures: Figures) -> dict[str, Any]:
    """Every chart of one set of figures, by the part of the report it stands in."""
    return {
        "reach": reach(figures),
        "attendance": attendance(figures),
        "questions": [(row, question(row)) for row in figures.feedback.questions],
        "domains": [(domain, lines(domain), balance(domain)) for domain in figures.domains],
    }
