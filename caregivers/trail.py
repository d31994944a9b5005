"""How the audit trail comes to the names of caregivers. They are encrypted: to find one, all of them are read."""

from __future__ import annotations

from collections.abc import Iterable

from caregivers.models import Caregiver
from caregivers.names import begins
from ppg.audit_trail.names import PERSON, Lookup
from ppg.typed import search_words

NAMED = ("code", "name", "liked_name", "erased_at")


def by_code(codes: Iterable[str]) -> Iterable[Caregiver]:
    return Caregiver.objects.filter(code__in=set(codes)).only(*NAMED)


def find(typed: str) -> list[Caregiver]:
    """Each word that was typed begins a word of their name, or of the one they like to be called by."""
    wanted = search_words(typed)
    every = Caregiver.objects.filter(erased_at=None).only(*NAMED).iterator()
    found = [one for one in every if wanted and begins(wanted, one)]
    return sorted(found, key=lambda one: one.name.casefold())


PEOPLE = Lookup(PERSON, by_code, name=lambda one: one.name, find=find)
