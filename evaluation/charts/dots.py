"""People as dots: a full one for each who was there, an empty one for each who was not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluation.charts.drawing import WIDTH, draw, stack
from evaluation.figures.shapes import Figures, SessionFigures

MOST = 24  # dots in a row; more people than that are drawn as bars


@dataclass(frozen=True)
class DotRow:
    """full of `of` dots; told: what stands at their end."""

    label: str
    full: int
    of: int
    text: str


def people(figures: Figures) -> SafeString:
    """How many were invited, started and completed. Nothing where nobody was invited, or too many for dots."""
    reach = figures.reach
    if not 0 < reach.offered <= MOST:
        return SafeString("")
    rows = [
        DotRow(label, n, reach.offered, str(n))
        for label, n in (
            (_("Invited"), reach.offered),
            (_("Started"), reach.started),
            (_("Completed"), reach.completed),
        )
    ]
    return _draw(_("How many were invited, started and completed"), rows, widest=22.0)


def attendance(figures: Figures) -> SafeString:
    """Who was there of who was expected, session by session. Nothing where there are too many people for dots."""
    if any((session.expected or 0) > MOST for session in figures.sessions):
        return SafeString("")
    return _draw(_("People at each session"), [_session(session) for session in figures.sessions])


def _session(session: SessionFigures) -> DotRow:
    label = f"{session.number}. {session.title}"
    if not session.held:
        return DotRow(label, 0, 0, _("not held"))
    if session.present is None or session.expected is None:
        return DotRow(label, 0, 0, _("held back"))
    text = _("%(n)s of %(of)s") % {"n": session.present, "of": session.expected}
    return DotRow(label, session.present, session.expected, text)


def _draw(title: str, rows: list[DotRow], widest: float = 16.0) -> SafeString:
    """widest: from one dot to the next, where there are few."""
    room = WIDTH - 10 - 8 * max((len(row.text) for row in rows if row.of), default=0)
    pitch = min(widest, room / max([1, *(row.of for row in rows)]))
    places, height = stack([row.label for row in rows], 40, 11)
    drawn = [
        place
        | {
            "text": row.text,
            "dots": [{"x": round(pitch * (k + 0.5), 1), "full": k < row.full} for k in range(row.of)],
            "end": round(pitch * row.of + 8, 1) if row.of else 0,
        }
        for row, place in zip(rows, places, strict=True)
    ]
    words = "; ".join(f"{row.label}: {row.text}" for row in rows)
    return draw("dots", title, words, height, rows=drawn, radius=round(min(8.0, pitch * 0.38), 1))
