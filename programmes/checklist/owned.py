"""The lines of a checklist that a member of the team owns, handed over when they leave it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from ppg.access.permissions import P
from ppg.models import User
from programmes.models import ChecklistLine
from programmes.team.owned import Owned


def unticked(user: User) -> QuerySet[Any]:
    return ChecklistLine.objects.filter(owner=user, ticked_at=None)


def in_words(n: int) -> str:
    return ngettext("%(n)s line of the checklist", "%(n)s lines of the checklist", n) % {"n": n}


OWNED = Owned(P.CHECKLIST, unticked, in_words)
