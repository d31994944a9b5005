"""The parts of a report that people write. Lengths are capped, so that the PDF stays within its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_LINES = 20  # of a section: a list of very short lines is long too


@dataclass(frozen=True)
class Section:
    """longest: in characters. needed: a report is not published without it."""

    key: str
    title: str | Promise
    hint: str | Promise
    longest: int
    needed: bool = True


IN_SHORT = Section(
    "in_short",
    _("In short"),
    _("Two or three sentences for somebody who reads nothing else. They stand on the first page."),
    400,
)

SECTIONS = (
    Section(
        "learned",
        _("What we learned"),
        _(
            "What did people gain: support, knowledge, practical help, each other? Is there more safety at home? Do "
            "they trust services more? Leave out whatever could tell readers who somebody is."
        ),
        2000,
    ),
    Section(
        "professionals",
        _("Learning for professionals"),
        _("What should people who work with parents and carers know or do differently?"),
        2000,
    ),
    Section(
        "changed",
        _("What was changed on the way"),
        _("What the group asked for, what was changed because of it, and what could not be changed, and why."),
        1500,
        needed=False,
    ),
    Section(
        "recommendations",
        _("Recommendations"),
        _("What should happen next, and who should do it? Begin each line with a dash to make a list."),
        1500,
    ),
)

ALL = (IN_SHORT, *SECTIONS)
