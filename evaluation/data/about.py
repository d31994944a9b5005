"""What a data file says of itself, first of all: whose figures these are, who may have them, how to read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.collecting import collect
from evaluation.data.tables import WORDS, Column, Table, tables
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossReport
from ppg.access.permissions import P, can
from ppg.models import User
from programmes.models import Cohort

ABOUT = (
    Column("about", gettext_lazy("What the line is about"), WORDS),
    Column("says", gettext_lazy("What there is to know of it"), WORDS),
)
Line = tuple[str, str]


def tables_of(cohort: Cohort, now: datetime, reader: User) -> list[Table]:
    """What a group's data file holds: what it is, and the figures as they stand now."""
    figures = collect.live(cohort, now, writes=can(reader, P.REPORT_WRITE))
    made = tables(figures)
    days = [session.day for session in cohort.sessions.taking_place().order_by("starts_at")]
    return [of_group(cohort, days, figures, made, timezone.localdate(now)), *made]


def of_group(cohort: Cohort, days: Sequence[date], figures: Figures, made: Sequence[Table], day: date) -> Table:
    """days: of its sessions. day: on which the file is made."""
    return _table(
        (_("Group"), cohort.name),
        (_("Programme"), cohort.programme.title),
        (_("Area"), cohort.area),
        (_("Dates of its sessions"), ", ".join(map(_day, days)) or _("None is planned yet.")),
        (_("Edition"), _("For the team.")),
        (
            _("Who may have it"),
            _("It stays with whoever took it. What may leave the team is the edition to share of the group’s report.")
            if figures.as_in_version is None
            else _(
                "It stays in the team: the people who run the group, its lead and its evaluator. What may leave the "
                "team is the edition to share of the group’s report."
            ),
        ),
        (_("Made on"), _("%(day)s, with the figures as they stood then.") % {"day": _day(day)}),
        (_("“reach_by_source”, “attendance”, “methods”, sessions attended"), _of_which_version(figures)),
        *_how_to_read(figures, made),
    )


def _of_which_version(figures: Figures) -> str:
    if not figures.as_in_version:
        return ""  # of now, or in none of the tables: they say why
    return _("As version %(n)s of the report tells them: told day by day, one person more would show.") % {
        "n": figures.as_in_version
    }


def of_many(report: AcrossReport, figures: Figures, made: Sequence[Table], day: date) -> Table:
    """day: on which the report was made."""
    chosen = _("%(first)s to %(last)s") % {"first": _day(report.from_on), "last": _day(report.until_on)}
    return _table(
        (_("Groups"), ngettext("%(n)s group", "%(n)s groups", figures.cohorts) % {"n": figures.cohorts}),
        (_("First sessions from"), chosen),
        (_("Programme"), report.programme.title if report.programme else _("All programmes")),
        (_("Area"), report.area or _("All areas")),
        (_("Edition"), _("To share.")),
        (
            _("Who may have it"),
            _("It may be shared. When somebody withdraws it is superseded: make a new one then."),
        ),
        (_("Made on"), _("%(day)s, with the figures as they stood then.") % {"day": _day(day)}),
        *_how_to_read(figures, made),
    )


def _how_to_read(figures: Figures, made: Sequence[Table]) -> Iterator[Line]:
    least = ngettext("%(n)s person.", "%(n)s people.", figures.least) % {"n": figures.least}
    always = _("How many were referred, invited, started and completed is always told.")
    yield _("A figure rests on at least"), f"{least} {always}"
    yield _("An empty cell"), _("The figure is held back, or there is none. Nought is written as 0.")
    if any(table.name == "pairs" and table.rows for table in made):
        yield _("Single people"), f"{PAIRS} {WHY_NOT_JOINED}"
    empty = [table for table in made if not table.rows]
    for table in empty:
        yield _("Nothing in “%(table)s”") % {"table": table.name}, str(table.nothing)
    names = get_text_list([table.name for table in made], _("and"))
    yield _("Tables"), _("%(names)s. What each column means stands in “codebook”.") % {"names": names}


PAIRS = gettext_lazy(
    "Only in “pairs”: one person’s score before and after, in one area. The rows of each area are sorted by their "
    "scores, so they cannot be joined from one area to the next."
)
WHY_NOT_JOINED = gettext_lazy(
    "This is by design: in a small group, what one person said in several areas is enough for others to know them by."
)


def _table(*lines: Line) -> Table:
    return Table("about", gettext_lazy("About these figures"), ABOUT, tuple(line for line in lines if line[1]))


def _day(day: date) -> str:
    return date_format(day, "j F Y")
