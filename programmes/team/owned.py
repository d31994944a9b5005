"""What members of a team have open, kind by kind: apps add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from ppg.access.permissions import P, can
from ppg.hooks import Hook
from ppg.models import User
from programmes.models import Cohort
from programmes.team.queries import members


@dataclass(frozen=True)
class Owned:
    """A kind of task that somebody of the team owns (`owner` and `cohort` on each row). Apps add theirs in
    `ready()`:

        owned.add(Owned(P.FOLLOW_UP, open_follow_ups, in_words))

    `open_of(user)` finds those still to be done, in every group, `in_words(n)` says how many, and whoever takes them
    over needs `permission`.
    """

    permission: P
    open_of: Callable[[User], QuerySet[Any]]
    in_words: Callable[[int], str]


owned: Hook[Owned] = Hook("Tasks that a member of a team has, handed over when they leave it.")


@dataclass(frozen=True)
class Open:
    """What one member has open in a group, and who could go on with it."""

    tasks: list[str]  # "2 calls and follow-ups"
    takers: list[User]


def open_of(cohort: Cohort, user: User) -> Open:
    """A query for each kind of task, and one for the team."""
    counted = [(kind, kind.open_of(user).filter(cohort=cohort).count()) for kind in owned]
    found = [(kind, n) for kind, n in counted if n]
    needed = [kind.permission for kind, _n in found]
    others = [member.user for member in members(cohort) if member.user_id != user.pk]
    takers = [one for one in others if all(can(one, permission) for permission in needed)]
    return Open([kind.in_words(n) for kind, n in found], takers)
