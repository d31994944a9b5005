"""A finding, and the list of checks that make them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from ppg import logs
from ppg.hooks import Hook


class State(StrEnum):
    GOOD = "good"
    WARNING = "warning"  # it works, and somebody should see to it
    FAULT = "fault"  # something does not work


@dataclass(frozen=True)
class Finding:
    """One sentence, and what to do next. Neither holds a secret or names anybody."""

    state: State
    sentence: str
    remedy: str = ""


def good(sentence: str) -> Finding:
    return Finding(State.GOOD, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    return Finding(State.WARNING, sentence, remedy)


def fault(sentence: str, remedy: str) -> Finding:
    return Finding(State.FAULT, sentence, remedy)


def for_teams(wrong: int, none: str, some: str) -> Finding:
    """Of what groups sent: how many did not go out. They stay with their group's team, who know what to do about each.
    `some` has their number as %(n)s."""
    if not wrong:
        return good(none)
    remedy = _("The groups’ teams see each with its reason. Where there are many, look at the mail server first.")
    return warning(some % {"n": wrong}, remedy)


@dataclass(frozen=True)
class Check:
    """One thing that is looked at.

    `slow`: too much for every few minutes, `manage.py doctor` alone looks. `live`: of no use an hour later, so it is
    looked at when it is shown. `gate`: where it does not work, what needs the database is not looked at after it.
    `step`: on pages a step of setting up says it (`ppg.health.steps`).
    """

    name: str
    label: Any  # what is looked at, on pages
    look: Callable[[datetime], Finding]
    database: bool = True  # whether it needs one
    slow: bool = False
    live: bool = False
    gate: bool = False
    step: bool = False

    def __call__(self, now: datetime) -> Finding:
        """A check that fails is itself a fault, and keeps no other from being made."""
        try:
            return self.look(now)
        except Exception as error:
            return fault(
                _("It could not be looked at: %(error)s.") % {"error": logs.name(error)},
                _("Run manage.py doctor on the server. If it says the same, report it with this line."),
            )


checks: Hook[Check] = Hook("What is looked at to say how the service is.", key=lambda check: check.name)
