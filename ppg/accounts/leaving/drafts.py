"""Drafts that one person goes on with: shown and handed over when they leave (`ppg.accounts.leaving`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from ppg.access.permissions import Permission, can
from ppg.accounts.leaving import Holding, Kind, Leaver
from ppg.audit_trail import audit
from ppg.models import User


def kind_of_drafts(
    name: str, permission: Permission, drafts: Callable[[], QuerySet[Any]], words: Callable[[Any], str]
) -> Kind:
    """Of rows with `owner` and `changed_by`: a draft without an owner is theirs who changed it last. Whoever has the
    permission may go on with it."""

    def holdings(leaver: Leaver, staff: Sequence[User]) -> Iterable[Holding]:
        if leaver.keeps(permission):
            return
        takers = tuple(one for one in staff if can(one, permission))
        for draft in drafts().filter(_theirs(leaver.user)).order_by("pk"):
            yield Holding(f"{name}-{draft.code}", words(draft), takers, record=draft)

    def hand_over(leaver: Leaver, holding: Holding, to: User | None, by: User) -> None:
        rows = drafts().filter(_theirs(leaver.user), pk=holding.record.pk)
        draft = rows.select_for_update(of=("self",)).first()
        if draft is None:
            return  # published or thrown away meanwhile, or somebody else changed it
        draft.owner = to
        draft.save(update_fields=["owner"])
        audit.record(by, audit.Verb.CHANGED, draft, fields=["owner"])

    return Kind(name, holdings, hand_over)


def _theirs(user: User) -> Q:
    return Q(owner=user) | Q(owner=None, changed_by=user)
