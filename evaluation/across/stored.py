"""A stored report over many groups, read again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluation.across.rows import Group
from evaluation.data import about as data_about
from evaluation.data.tables import PEOPLE, WORDS, Column, Table, tables
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossReport


def _stored(report: AcrossReport) -> dict[str, Any]:
    return report.figures or {}


def figures_of(report: AcrossReport) -> Figures:
    return Figures.from_dict(_stored(report)["figures"])


def groups_of(report: AcrossReport) -> list[Group]:
    lines = _stored(report)["groups"]
    return [Group(line[0], line[1], line[2], date.fromisoformat(line[3]), *line[4:]) for line in lines]


GROUPS = (
    Column("group", _("The group's name"), WORDS),
    Column("area", _("Its area"), WORDS),
    Column("first_session", _("The day of its first session"), _("year-month-day")),
    Column("sessions_planned", _("Sessions that were planned")),
    Column("sessions_held", _("Of those, sessions that were held")),
    Column("referred", _("People referred to it"), PEOPLE),
    Column("offered", _("Of those, people offered a place"), PEOPLE),
    Column("started", _("Of those, people who came at least once"), PEOPLE),
    Column("completed", _("Of those, people who came to enough sessions"), PEOPLE),
)


def all_tables(report: AcrossReport) -> list[Table]:
    """What the report is, every group, and the figures. Of a group stands only what may always be told of one."""
    rows = tuple(
        (
            *(group.name, group.area, group.first_on.isoformat(), group.planned, group.held),
            *(group.referred, group.offered, group.started, group.completed),
        )
        for group in groups_of(report)
    )
    figures = figures_of(report)
    made = [Table("groups", _("Groups"), GROUPS, rows), *tables(figures)]
    return [data_about.of_many(report, figures, made, made_on(report)), *made]


def made_on(report: AcrossReport) -> date:
    return timezone.localdate(report.finished_at)
