"""What went otherwise than planned, as the closing page asks about it. Items and outcomes in, changes out; no
request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_app.models import Adaptation, ItemRemark, Session, SessionItem
from sessions_app.running.clock import Happened, Outcome

CHANGED = (Happened.SHORTENED, Happened.EXTENDED, Happened.ADDED, Happened.LEFT_OUT)


@dataclass(frozen=True)
class Change:
    """An item that went otherwise than planned: what happened, and what was said of it so far."""

    item: SessionItem
    what: str
    why: str = ""
    by_group: bool = False


def changes(
    items: Iterable[SessionItem], outcomes: Sequence[Outcome], adaptations: Iterable[Adaptation]
) -> list[Change]:
    """The items that went otherwise; where the clock was not used, those that the plan has otherwise than the guide.

    A remark that was made already is kept. Until there is one, the reason given while planning stands for it.
    """
    planned = {one.item_id: one for one in sorted(adaptations, key=lambda one: (one.at, one.pk)) if one.item_id}
    if outcomes:
        changed = [(one.item, in_words(one)) for one in outcomes if one.happened in CHANGED]
    else:
        items = list(items)
        from_guide = any(item.source_id for item in items)
        changed = [(item, what) for item in items if (what := otherwise(item, from_guide))]
    return [change(item, what, planned) for item, what in changed]


def change(item: SessionItem, what: str, planned: Mapping[int, Adaptation]) -> Change:
    said: ItemRemark | Adaptation | None = getattr(item, "remark", None) or planned.get(item.pk)
    return Change(item, what, said.why if said else "", bool(said and said.by_group))


def in_words(outcome: Outcome) -> str:
    """ "Shortened: 12 minutes instead of 20"."""
    if outcome.took is None:
        return str(outcome.happened.label)
    if outcome.happened == Happened.ADDED:
        return ngettext("Added: %(took)s minute", "Added: %(took)s minutes", outcome.took) % {"took": outcome.took}
    words = {"what": outcome.happened.label, "took": outcome.took, "planned": outcome.planned}
    return ngettext(
        "%(what)s: %(took)s minute instead of %(planned)s",
        "%(what)s: %(took)s minutes instead of %(planned)s",
        outcome.took,
    ) % words  # fmt: skip


def otherwise(item: SessionItem, from_guide: bool) -> str:
    """How the plan's item differs from the guide's, or nothing. Setting up and clearing up are nobody's concern."""
    if not item.counted:
        return ""
    if item.left_out:
        return str(Happened.LEFT_OUT.label)
    if from_guide and item.source is None:
        return str(Happened.ADDED.label)
    if item.source and item.source.minutes != item.minutes:
        words = {"now": item.minutes, "guide": item.source.minutes}
        return _("Planned with %(now)s minutes instead of %(guide)s") % words
    return ""


def why_not_close(session: Session, now: datetime) -> str:
    """Why this session cannot be closed yet, or nothing. One query at most, none where its steps were fetched."""
    if session.cancelled_at:
        return _("This session was cancelled. There is nothing to close.")
    if session.day > timezone.localdate(now) and not session.steps.all():
        return _("This session has not taken place yet. You can close it from its day on.")
    return ""
