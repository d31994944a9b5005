"""What a group has beside its overview: a page for each section, which lists what each role may open there and how it
stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.group import states
from ppg.access.permissions import P, Permission, can
from ppg.models import User
from programmes.models import Cohort


@dataclass(frozen=True)
class Door:
    """A page of the group, the permission that opens it, and how it stands (`state`: so many queries, however much)."""

    permission: Permission
    name: str
    label: str | Promise
    hint: str | Promise = ""
    state: Callable[[Cohort], str] | None = None


@dataclass(frozen=True)
class Section:
    """`name` is its page, `needs` the permission that opens it and `rest` the app whose other pages lie below it."""

    slug: str
    name: str
    label: str | Promise
    needs: Permission
    rest: str = ""
    doors: list[Door] = field(default_factory=list)


PEOPLE = Section(
    "people",
    "group_people",
    _("People"),
    P.PEOPLE_SEE,
    "caregivers",
    [
        Door(
            P.PEOPLE_SEE,
            "caregivers:people",
            _("All people of the group"),
            _("Who is in the group, who waits, what is next"),
            states.people,
        ),
        Door(
            P.FOLLOW_UP,
            "caregivers:follow_ups",
            _("Calls and follow-ups"),
            _("Who is to be rung, and what came of it"),
            states.follow_ups,
        ),
        Door(P.MESSAGE, "caregivers:messages", _("Messages"), _("Write to people by the ways that are safe")),
        Door(P.TIMES, "caregivers:times", _("Best time"), _("Ask which day and time suits people"), states.times),
        Door(P.RECRUIT, "caregivers:poster", _("Poster"), _("For people who want to hear from us"), states.poster),
        Door(P.PEOPLE_IMPORT, "caregivers:import", _("Bring in a list"), _("From a spreadsheet")),
        Door(P.CONCERN, "caregivers:information_add", _("Add to information log"), _("Something a caregiver noticed")),
    ],
)
SESSIONS = Section("sessions", "group_sessions", _("Sessions"), P.SESSION_SEE, "sessions")
FEEDBACK = Section(
    "feedback",
    "group_feedback",
    _("Feedback"),
    P.FEEDBACK_SEE,
    "feedback",
    [
        Door(
            P.SUGGESTIONS,
            "feedback:suggestions",
            _("Suggestion box"),
            _("What the group asks for, our answers"),
            states.suggestions,
        ),
        Door(
            P.FEEDBACK_SEE,
            "feedback:after",
            _("After the programme"),
            _("The final form and the focus group"),
            states.final_form,
        ),
        Door(
            P.FEEDBACK_SEE,
            "feedback:comments",
            _("Comments"),
            _("Sort what was written by its themes"),
            states.comments,
        ),
        Door(P.FEEDBACK_SEE, "feedback:quotes", _("Quotes"), _("Quotes you can use in a report"), states.quotes),
    ],
)
EVALUATION = Section(
    "evaluation",
    "group_evaluation",
    _("Evaluation"),
    P.FIGURES_SEE,
    "evaluation",
    [
        Door(
            P.MEASURE_SEND,
            "evaluation:waves",
            _("Before and after"),
            _("Ask for the answers that show what changed"),
        ),
        Door(P.FIGURES_SEE, "evaluation:figures", _("Figures"), _("Who came, what they said, what changed")),
        Door(
            P.REPORT_WRITE,
            "evaluation:report",
            _("Report"),
            _("Write it beside the figures, then publish"),
            states.report,
        ),
        Door(P.DATA_TAKE, "evaluation:data_of", _("Data"), _("Anonymous figures and a codebook, for a spreadsheet")),
    ],
)
SETTINGS = Section(
    "settings",
    "group_settings",
    _("Settings"),
    P.COHORT_SEE,
    "programmes",
    [
        Door(
            P.CHECKLIST,
            "programmes:checklist",
            _("Checklist"),
            _("What is done, and what is missing for whom"),
            states.checklist,
        ),
        Door(P.COHORT_SEE, "programmes:team", _("Team"), _("Who works with this group"), states.team),
        Door(
            P.TEAM_SUPPORT,
            "programmes:support",
            _("Support for the team"),
            _("Offered and held, never what was said"),
        ),
        Door(
            P.PLACE_GIVE,
            "caregivers:size",
            _("Number of places"),
            _("How many people the group has room for"),
            states.size,
        ),
    ],
)
SECTIONS = (PEOPLE, SESSIONS, FEEDBACK, EVALUATION, SETTINGS)


def section_of(view: str) -> str:
    """The section that a page lies in: where a door leads to it, or else by its app."""
    for section in SECTIONS:
        if view == section.name or any(door.name == view for door in section.doors):
            return section.slug
    app = view.partition(":")[0]
    return next((section.slug for section in SECTIONS if section.rest == app), "")


def doors(section: Section, cohort: Cohort, user: User) -> list[dict[str, Any]]:
    """What the person may open there, each with how it stands."""
    return [
        {
            "door": door,
            "url": reverse(door.name, args=[cohort.code]),
            "state": door.state(cohort) if door.state else "",
        }
        for door in section.doors
        if can(user, door.permission)
    ]
