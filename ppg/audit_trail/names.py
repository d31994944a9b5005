"""Whose codes stand in the trail, in words. Names are looked up when the trail is shown or searched, and kept nowhere.

The foundation knows neither caregivers nor groups: whoever does registers in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Lookup:
    """by_code  the records of these codes, each with `code`; who was erased is among them
    name     the whole name of one; nothing where it was erased
    find     those whose name fits what was typed
    """

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
_lookups: dict[str, Lookup] = {}


def register(column: str, lookup: Lookup) -> None:
    _lookups[column] = lookup


def lookup(column: str) -> Lookup:
    return _lookups[column]
