"""How the audit trail comes to the names of groups."""

from __future__ import annotations

from collections.abc import Iterable

from ppg.audit_trail.names import GROUP, Lookup
from programmes.models import Cohort


def by_code(codes: Iterable[str]) -> Iterable[Cohort]:
    return Cohort.objects.filter(code__in=set(codes)).only("code", "name")


def find(typed: str) -> list[Cohort]:
    """All of them where nothing was typed."""
    return list(Cohort.objects.filter(name__icontains=typed).only("code", "name").order_by("name", "-pk"))


GROUPS = Lookup(GROUP, by_code, name=lambda one: one.name, find=find)
