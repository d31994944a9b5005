"""Our own small charts, drawn as SVG: the same in page and PDF.

Real text, a title and a description in each, wide enough to read at 320 px. The attributes hold the colours of paper;
on a screen the classes beside them take those of static/css/colours.css (the pages allow no inline style). Nothing is
told by colour alone: every bar has its number beside it, lines that fall are dashed, and the same figures stand in
words or in a table near each chart.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluation.charts import dots
from evaluation.charts.drawing import COLOURS, WIDTH, draw, stack
from evaluation.figures.calculation import percent
from evaluation.figures.shapes import SHARED, Change, DomainFigures, Figures, QuestionFigures
from evaluation.templatetags.evaluation import n_of, score, signed


@dataclass(frozen=True)
class Bar:
    """A bar with its label above and its number beside it. of: the length of its track, 0 for none."""

    label: str
    value: int
    text: str
    of: int = 0


def reach(figures: Figures) -> SafeString:
    """How many were referred, invited, started and completed."""
    steps = figures.reach
    most = max(steps.referred, 1)
    bars = [
        Bar(_("Referred"), steps.referred, str(steps.referred), most),
        Bar(_("Invited: offered a place"), steps.offered, str(steps.offered), most),
        Bar(_("Started: came at least once"), steps.started, str(steps.started), most),
        Bar(_("Completed: came to two thirds or more"), steps.completed, str(steps.completed), most),
    ]
    return _bars(_("From referral to completing the programme"), bars)


def attendance(figures: Figures) -> SafeString:
    """Who was there of who was expected, session by session. Not in the edition to share, which does not tell it,
    and not where every session is held back."""
    held = [session for session in figures.sessions if session.held]
    if figures.edition == SHARED or (held and all(session.present is None for session in held)):
        return SafeString("")
    if few := dots.attendance(figures):
        return few
    bars = []
    for session in figures.sessions:
        label = f"{session.number}. {session.title}"
        if not session.held:
            bars.append(Bar(label, 0, _("not held")))
        elif session.present is None or session.expected is None:
            bars.append(Bar(label, 0, _("held back")))
        else:
            text = _("%(n)s of %(of)s") % {"n": session.present, "of": session.expected}
            bars.append(Bar(label, session.present, text, session.expected))
    return _bars(_("People at each session"), bars)


def question(row: QuestionFigures) -> SafeString:
    """How often each answer was given."""
    if row.counts is None:
        return SafeString("")
    bars = [
        Bar(option, count, str(n_of(count, row.n)) if row.n >= 10 else str(count), row.n)
        for option, count in zip(row.options, row.counts, strict=True)
    ]
    return _bars(row.text, bars)


def _bars(title: str, bars: list[Bar]) -> SafeString:
    longest = max((bar.of or bar.value for bar in bars), default=1) or 1
    widest = max((len(bar.text) for bar in bars), default=0)
    room = WIDTH - 10 - 8 * widest  # for the bars, beside the longest number
    places, height = stack([bar.label for bar in bars], 44, 12)
    rows = [
        place
        | {
            "text": bar.text,
            "width": round(room * bar.value / longest, 1),
            "track": round(room * bar.of / longest, 1),
        }
        for bar, place in zip(bars, places, strict=True)
    ]
    words = "; ".join(f"{bar.label}: {bar.text}" for bar in bars)
    return draw("bars", title, words, height, rows=rows, room=room + 8)


def delivery(figures: Figures) -> SafeString:
    """Minutes planned and minutes taken, session by session, of those run by the clock."""
    run = [session for session in figures.sessions if session.run]
    if not run:
        return SafeString("")
    longest = max(1, *(max(session.plan, session.took) for session in run))
    labels = [f"{session.number}. {session.title}" for session in run]
    texts = [_("%(took)s min, planned %(plan)s") % {"took": session.took, "plan": session.plan} for session in run]
    room = WIDTH - 10 - 8 * max(map(len, texts))
    places, height = stack(labels, 46, 12)
    rows = [
        place
        | {
            "plan": round(room * session.plan / longest, 1),
            "took": round(room * session.took / longest, 1),
            "text": words,
        }
        for session, place, words in zip(run, places, texts, strict=True)
    ]
    words = "; ".join(f"{label}: {minutes}" for label, minutes in zip(labels, texts, strict=True))
    return draw("minutes", _("Minutes taken and planned at each session"), words, height, rows=rows, room=room)


TOP, BOTTOM, LEFT, RIGHT = 16, 168, 96, 208  # of the lines from before to after


def lines(domain: DomainFigures) -> SafeString:
    """Each pair of answers as a line from before to after. Nobody is named, and the lines have no order."""
    change = domain.change
    if change is None or not change.lines:
        return SafeString("")

    def y(value: float) -> float:
        return round(BOTTOM - (value - domain.low) / (domain.high - domain.low) * (BOTTOM - TOP), 1)

    drawn = []
    for (before, after), people in sorted(Counter(change.lines).items()):
        kind = "same" if abs(after - before) <= change.step + 1e-9 else "better" if after > before else "worse"
        drawn.append({"y1": y(before), "y2": y(after), "kind": kind, "width": 1 + people})
    return draw(
        "lines",
        _("%(domain)s: each person’s score before and after") % {"domain": domain.title},
        _in_words(change, domain.pairs),
        200,
        ticks=[{"y": y(value), "text": f"{value:g}"} for value in _ticks(domain.low, domain.high)],
        lines=drawn,
        medians={"before": y(change.before), "after": y(change.after), "before_text": score(change.before)},
        labels=_at_their_ends(drawn, y(change.after), score(change.after)),
        left=LEFT,
        right=RIGHT,
    )


def _at_their_ends(drawn: Sequence[dict[str, Any]], median: float, text: str) -> list[dict[str, Any]]:
    """What each kind of line is called, at the end of one of them, and the median. No two on one another."""
    ends: dict[str, list[float]] = {}
    for line in drawn:
        ends.setdefault(line["kind"], []).append(line["y2"])
    names = {"better": _("better"), "same": _("same"), "worse": _("worse")}
    at = {"better": min, "same": min, "worse": max}
    labels: list[dict[str, Any]] = [{"kind": kind, "text": names[kind], "y": at[kind](ys)} for kind, ys in ends.items()]
    labels = sorted([*labels, {"kind": "median", "text": text, "y": median}], key=lambda label: float(label["y"]))
    for above, label in itertools.pairwise(labels):
        label["y"] = max(label["y"], above["y"] + 16)
    lowest = BOTTOM + 4
    for label in reversed(labels):
        label["y"] = round(min(label["y"], lowest), 1)
        lowest = label["y"] - 16
    return labels


def balance(domain: DomainFigures) -> SafeString:
    """How many are better, the same and worse, a bar each with its name before and its number behind it."""
    change = domain.change
    if change is None or change.better is None:
        return SafeString("")
    counts = [(_("Better"), change.better, "better")]
    if change.same is None or change.worse is None:
        counts.append((_("Not better"), domain.pairs - change.better, "same"))
    else:
        counts += [(_("The same"), change.same, "same"), (_("Worse"), change.worse, "worse")]
    shares = [_with_share(n, domain.pairs) for _label, n, _kind in counts]
    left = 84
    room = WIDTH - left - 10 - 8 * max(map(len, shares))
    rows = [
        {
            "label": label,
            "text": shares[i],
            "y": 26 * i,
            "kind": kind,
            "fill": COLOURS[kind],
            "track": room,
            "width": round(room * n / domain.pairs, 1),
        }
        for i, (label, n, kind) in enumerate(counts)
    ]
    title = _("%(domain)s: better, the same or worse") % {"domain": domain.title}
    return draw(
        "balance", title, _in_words(change, domain.pairs), 26 * len(rows), rows=rows, left=left, end=left + room + 8
    )


def _with_share(n: int, of: int) -> str:
    share = percent(n, of)
    return str(n) if share is None else f"{n} ({share}%)"


def _in_words(change: Change, pairs: int) -> str:
    sentences = []
    if change.better is not None and change.same is not None and change.worse is not None:
        counts = {"better": change.better, "same": change.same, "worse": change.worse}
        sentences.append(_("%(better)s better, %(same)s the same, %(worse)s worse.") % counts)
    elif change.better is not None:
        sentences.append(
            _("%(better)s better, %(n)s not better.") % {"better": change.better, "n": pairs - change.better}
        )
    median = {"median": signed(change.median)}
    if change.low is None or change.high is None:
        sentences.append(_("Median change %(median)s.") % median)
    else:
        ends = median | {"low": signed(change.low), "high": signed(change.high)}
        sentences.append(_("Median change %(median)s, from %(low)s to %(high)s.") % ends)
    return " ".join(sentences)


def _ticks(low: float, high: float) -> list[float]:
    """The ends of the scale and what lies evenly between, at most five lines."""
    steps = next(n for n in (4, 5, 3, 2, 1) if (high - low) % n == 0 or n == 1)
    return [low + (high - low) * i / steps for i in range(steps + 1)]


def drawn(figures: Figures) -> dict[str, Any]:
    """Every chart of one set of figures, by the part of the report it stands in."""
    return {
        "people": dots.people(figures),
        "delivery": delivery(figures),
        "reach": reach(figures),
        "attendance": attendance(figures),
        "questions": [(row, question(row)) for row in figures.feedback.questions],
        "domains": [(domain, lines(domain), balance(domain)) for domain in figures.domains],
    }
