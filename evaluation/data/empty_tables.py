"""Why a table of the data files has no row: nothing can be told, or there is nothing. Pure: `Figures` in, words out."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.figures.shapes import TEAM, Figures

NO_ANSWERS = _("No answers can be shown yet. They come when a form has closed and enough people have answered.")
FEEDBACK_HELD = _("Held back: too few people answered, or it would tell of a few people beside what was told before.")
NOT_ASKED = _("No questions before and after have been asked.")
WITH_REPORT = _("It comes with the report, and none has been published yet. Told day by day, one more would show.")
NO_PAIR = _("Nobody has answered both before and after yet.")
PAIRS_HELD = _("Held back. The table “change” says why, in its column “held_back”.")


def why(figures: Figures) -> dict[str, str | Promise]:
    """By table, as if it had no row. Of what is told only: it says no more than the figures themselves."""
    reach, dose = figures.reach, figures.dose
    return {
        "overview": "",
        "reach_by_source": _waits(figures) or _("Held back: it would tell of a few people from one source.")
        if reach.referred
        else _("There is none: nobody has been referred yet."),
        "attendance": _waits(figures) or _("Held back: how often people came would tell of a few of them.")
        if dose.people
        else _("There is none: nobody has come to a session yet."),
        "sessions": _("There is none: no session is planned yet."),
        "feedback": _feedback(figures),
        "ways": FEEDBACK_HELD if figures.feedback.sheets is None else _("There is none: no answers can be shown yet."),
        "change": NOT_ASKED,
        "pairs": _pairs(figures),
        "at_start": _(
            "Nothing can be told: it takes a published report, and enough people who completed, and enough who did "
            "not, with a score."
        )
        if figures.domains
        else NOT_ASKED,
        "methods": _waits(figures) or _("None was told of often enough to be listed."),
    }


def _waits(figures: Figures) -> str | Promise:
    return WITH_REPORT if figures.as_in_version == 0 else ""


def _feedback(figures: Figures) -> str | Promise:
    if figures.feedback.sheets is None:
        return FEEDBACK_HELD
    return _("No question was answered by enough people.") if figures.feedback.sheets else NO_ANSWERS


def _pairs(figures: Figures) -> str | Promise:
    if not figures.domains:
        return NOT_ASKED
    if figures.edition != TEAM:
        return _("Not in this edition: single pairs are told to a group’s own team only.")
    return PAIRS_HELD if any(domain.held for domain in figures.domains) else NO_PAIR
