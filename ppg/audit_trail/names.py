"""Whose codes stand in the trail, in words. Names are looked up when the trail is shown or searched, and kept nowhere.

The foundation knows neither caregivers nor groups: whoever does adds a `Lookup`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ppg.hooks import Hook


@dataclass(frozen=True)
class Lookup:
    """column   the column of an entry that holds their codes
    by_code  the records of these codes, each with `code`; who was erased is among them
    name     the whole name of one; nothing where it was erased
    find     those whose name fits what was typed
    """

    column: str
    by_code: Callable[[Iterable[str]], Iterable[Any]]
    name: Callable[[Any], str]
    find: Callable[[str], list[Any]] = lambda typed: []

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        return {one.code: self.name(one) for one in self.by_code(codes)}


PERSON, GROUP = "person", "cohort"  # the columns of an entry that hold their codes
ERASED: dict[str, Promise] = {
    PERSON: _("somebody whose details were erased"),
    GROUP: _("a group that is not there any more"),
}
lookups: Hook[Lookup] = Hook("How the trail comes from a code to a name.", key=lambda lookup: lookup.column)
