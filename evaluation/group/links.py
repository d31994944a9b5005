"""Where one goes from a group's page: what each role may open, sorted by what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, Permission, can
from ppg.models import User
from programmes.models import Cohort


@dataclass(frozen=True)
class Door:
    """A page of the group, and the permission that opens it."""

    permission: Permission
    name: str
    label: str | Promise
    hint: str | Promise = ""


DOORS: list[tuple[str | Promise, list[Door]]] = [
    (
        _("People"),
        [
            Door(P.PEOPLE_SEE, "caregivers:people", _("People"), _("Who is in the group, who waits, what is next")),
            Door(
                P.FOLLOW_UP,
                "caregivers:follow_ups",
                _("Calls and follow-ups"),
                _("Who is to be rung, and what came of it"),
            ),
            Door(P.MESSAGE, "caregivers:messages", _("Messages"), _("Write to people by the ways that are safe")),
            Door(P.TIMES, "caregivers:times", _("Best time"), _("Ask which day and time suits people")),
            Door(P.RECRUIT, "caregivers:poster", _("Poster"), _("For people who want to hear from us")),
            Door(P.PLACE_GIVE, "caregivers:size", _("Number of places"), _("How many people the group has room for")),
            Door(P.PEOPLE_IMPORT, "caregivers:import", _("Bring in a list"), _("From a spreadsheet")),
        ],
    ),
    (
        _("Running it"),
        [
            Door(P.CHECKLIST, "programmes:checklist", _("Checklist"), _("What is done, and what is missing for whom")),
            Door(P.COHORT_SEE, "programmes:team", _("Team"), _("Who works with this group")),
            Door(
                P.TEAM_SUPPORT,
                "programmes:support",
                _("Support for the team"),
                _("Offered and held, never what was said"),
            ),
            Door(
                P.CONCERN,
                "caregivers:concern_add",
                _("Write down a concern"),
                _("Somebody told you something worrying"),
            ),
            Door(
                P.CONCERN, "caregivers:information_add", _("Write down information"), _("Something a caregiver noticed")
            ),
        ],
    ),
    (
        _("What people say"),
        [
            Door(P.SUGGESTIONS, "feedback:suggestions", _("Suggestion box"), _("What the group asks for, our answers")),
            Door(P.FEEDBACK_SEE, "feedback:after", _("After the programme"), _("The final form and the focus group")),
            Door(P.FEEDBACK_SEE, "feedback:comments", _("Comments"), _("Sort what was written by its themes")),
            Door(P.FEEDBACK_SEE, "feedback:quotes", _("Quotes"), _("Words that may stand in a report")),
            Door(
                P.MEASURE_SEND,
                "evaluation:waves",
                _("Before and after"),
                _("Ask for the answers that show what changed"),
            ),
        ],
    ),
    (
        _("What came of it"),
        [
            Door(P.FIGURES_SEE, "evaluation:figures", _("Figures"), _("Who came, what they said, what changed")),
            Door(
                P.DATA_TAKE, "evaluation:data_of", _("Data"), _("Anonymous figures and a codebook, for a spreadsheet")
            ),
            Door(P.REPORT_WRITE, "evaluation:report", _("Report"), _("Write it beside the figures, then publish")),
        ],
    ),
]


def links(cohort: Cohort, user: User) -> list[dict[str, Any]]:
    """The sections of which the user may open anything, with what they may open."""
    sections = []
    for heading, doors in DOORS:
        open_to = [door for door in doors if can(user, door.permission)]
        if open_to:
            sections.append(
                {"heading": heading, "doors": [(door, reverse(door.name, args=[cohort.code])) for door in open_to]}
            )
    return sections
