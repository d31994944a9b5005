"""The parts of a report that people write. Lengths are capped, so that the PDF stays within its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as say
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
        _("What stands above the list of recommendations, if anything. Each one, with who sees to it, is kept below."),
        1500,
        needed=False,
    ),
)

ALL = (IN_SHORT, *SECTIONS)


def too_many_lines(section: Section, text: str) -> str:
    """The sentence that says so, or nothing."""
    n = sum(1 for line in text.splitlines() if line.strip())
    sentence = say("“%(label)s” can have up to %(most)s lines; you typed %(n)s")
    return sentence % {"label": section.title, "most": MOST_LINES, "n": n} if n > MOST_LINES else ""


def does_not_fit(text: Mapping[str, str]) -> list[str]:
    """Titles of the sections that are too long to be published."""
    return [
        str(section.title)
        for section in ALL
        if len(text.get(section.key, "").strip()) > section.longest
        or too_many_lines(section, text.get(section.key, ""))
    ]


def missing(text: Mapping[str, str], recommendations: int = 0) -> list[str]:
    """Sections a report is not published without, by key. recommendations: how many are kept one by one."""
    needed = [section.key for section in ALL if section.needed and not text.get(section.key, "").strip()]
    return needed if recommendations or text.get("recommendations", "").strip() else [*needed, "recommendations"]
