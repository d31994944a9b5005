"""What is kept in versions: one draft beside the version in use, and two who change it at once are noticed.

Guides and questions are kept so. Each app locks its own versions, says what a page showed and words its refusals;
what is the same for all of them is here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import F, Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.models import User

DRAFT, CURRENT, OLD = "draft", "current", "old"  # what each model's `State` calls them
ASIDE = 10_000  # where positions wait while others take their places: they are unique in every moment

Version = TypeVar("Version", bound=Model)


class ChangedMeanwhile(Refused):
    """What the page showed is no longer so: somebody else was quicker. The page keeps what was typed; sending it again
    means what it shows now."""


class NoDraft(Refused):
    """The draft was published or thrown away meanwhile."""


# --- From version to version ------------------------------------------------------------------------


def in_state(versions: Iterable[Version], state: str) -> Version | None:
    return next((one for one in versions if one.state == state), None)  # type: ignore[attr-defined]


def draft_among(versions: Iterable[Version], sentence: str) -> Version:
    """`sentence` says that nobody changes it now."""
    draft = in_state(versions, DRAFT)
    if draft is None:
        raise NoDraft(sentence)
    return draft


def put_in_use(draft: Any, current: Any, *, by: User, at: datetime | None, also: Sequence[str] = ()) -> None:
    """The draft becomes the version in use, the one in use (if there is one) a replaced one. `also` names what else
    of the draft is saved with it."""
    if current:
        current.state = OLD
        current.save(update_fields=["state"])
    draft.state, draft.published_at, draft.published_by = CURRENT, at or timezone.now(), by
    draft.save(update_fields=["state", "published_at", "published_by", *also])


def touch(draft: Any, by: User, at: datetime | None) -> None:
    draft.changed_at, draft.changed_by, draft.owner = at or timezone.now(), by, by
    draft.save(update_fields=["changed_at", "changed_by", "owner"])


# --- The order of its parts -------------------------------------------------------------------------


def last_position(parts: Any) -> int:
    """0 where there is none."""
    return parts.aggregate(last=Max("position"))["last"] or 0


def renumber(parts: Any, order: Sequence[str], *, known_by: str) -> None:
    """Positions from 1 in this order: aside first, so that no two ever share a place. `parts` are a draft's rows,
    `order` has what each of them is `known_by`."""
    rows = {getattr(row, known_by): row for row in parts.all()}
    if [rows[one].position for one in order] == list(range(1, len(order) + 1)):
        return
    parts.update(position=F("position") + ASIDE)
    for position, one in enumerate(order, start=1):
        rows[one].position = position
    parts.bulk_update(rows.values(), ["position"])


# --- Two editors at once ----------------------------------------------------------------------------


def digest(facts: Any) -> str:
    """The fingerprint of what a page showed."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:22]


def who_changed(draft: Any, by: User) -> str:
    if draft.changed_by_id == by.pk:
        return _("You, in another window,")
    return str(draft.changed_by) if draft.changed_by else _("Somebody else")
