"""What can be wrong with a row of a list, and the words in which it is said."""

from __future__ import annotations

from enum import Enum

from django.utils.translation import gettext_lazy

SHOWN = 40  # letters of a cell that a fault repeats


class Kind(Enum):
    """What can be wrong with a row; the value is the heading under which such faults stand."""

    NAME_MISSING = gettext_lazy("No name")
    NAME_LONG = gettext_lazy("Name too long")
    HEADING = gettext_lazy("A heading in place of a name")
    PHONE = gettext_lazy("Not a telephone number")
    EMAIL = gettext_lazy("Not an e-mail address")
    SEVERAL = gettext_lazy("More than one in a cell")
    SOURCE = gettext_lazy("How they reached us: not known")
    SOURCE_MISSING = gettext_lazy("How they reached us: nothing said")
    DATE = gettext_lazy("Not a date")
    NUMBER = gettext_lazy("A number in place of a date or time")
    DATE_MISSING = gettext_lazy("No date")
    FUTURE = gettext_lazy("A date in the future")
    SAFE_WAY = gettext_lazy("Safe way: not known")
    SAFE_WAY_BARE = gettext_lazy("Safe way without number or address")
    HANDOUTS = gettext_lazy("Handouts: not known")
    HANDOUTS_BARE = gettext_lazy("Handouts by e-mail without an address")
    OUTCOME = gettext_lazy("Police check: outcome not known")
    CHECK_HALF = gettext_lazy("Police check: only half is there")
    LONG = gettext_lazy("Text too long")
    FORMULA = gettext_lazy("A formula in place of a value")
    TWICE = gettext_lazy("Twice in the list")
    KNOWN = gettext_lazy("Already in the group’s list")


class Wrong(Exception):
    def __init__(self, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.kind, self.what = kind, what


def quoted(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
