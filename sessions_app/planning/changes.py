"""What changed in a plan: items and plans in, differences and sentences out. No database, no request."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ppg.time_of_day import day_and_clock
from programmes.models import ItemKind, ItemLead
from sessions_app.models import Adaptation, SessionItem


@dataclass(frozen=True)
class ItemPlan:
    """An item as the agenda shall have it. Without a code it is a new one."""

    FIELDS: ClassVar = ("title", "minutes", "kind", "lead", "counted", "prompts", "left_out")

    title: str
    minutes: int
    code: str = ""
    kind: str = ItemKind.DISCUSSION
    lead: str = ItemLead.FACILITATOR
    counted: bool = True
    prompts: list[Any] = field(default_factory=list)
    left_out: bool = False


def seen(items: Iterable[SessionItem]) -> str:
    """A short name for the agenda as it is now: it changes with whatever `adapt` can change."""
    rows = [[item.code, item.position, *(getattr(item, name) for name in ItemPlan.FIELDS)] for item in items]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def changed_fields(item: SessionItem | None, plan: ItemPlan) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the item was and shall be, of the fields that differ; everything where it is new."""
    if item is None:
        return {}, {name: getattr(plan, name) for name in ItemPlan.FIELDS}
    names = [name for name in ItemPlan.FIELDS if getattr(item, name) != getattr(plan, name)]
    return {name: getattr(item, name) for name in names}, {name: getattr(plan, name) for name in names}


def sentences(adaptation: Adaptation) -> list[str]:
    """A kept change in sentences."""
    before, after = adaptation.before, adaptation.after
    if adaptation.kind == Adaptation.Kind.MOVED:
        days = {"before": moment(before["starts_at"]), "after": moment(after["starts_at"])}
        return [_("Moved from %(before)s to %(after)s") % days]
    if adaptation.kind == Adaptation.Kind.CANCELLED:
        return [_("Cancelled") if after["cancelled_at"] else _("Put back")]
    if adaptation.kind == Adaptation.Kind.ADDED:
        return [_("Session added")]
    name = after.get("title") or (adaptation.item.title if adaptation.item else _("An item"))
    return [f"{name}: {sentence}" for sentence in sentences_of_item(before, after)]


def sentences_of_item(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    if not before and "title" in after:
        return [
            ngettext("added, %(n)s minute", "added, %(n)s minutes", after["minutes"]) % {"n": after["minutes"]},
        ]
    lines = []
    if "title" in after:
        lines.append(_("called “%(before)s” before") % {"before": before["title"]})
    if "minutes" in after:
        lines.append(
            _("%(before)s minutes before, now %(after)s") % {"before": before["minutes"], "after": after["minutes"]}
        )
    if "left_out" in after:
        lines.append(_("left out") if after["left_out"] else _("put back"))
    if "position" in after:
        lines.append(
            _("moved from place %(before)s to %(after)s") % {"before": before["position"], "after": after["position"]}
        )
    if "prompts" in after:
        lines.append(_("prompts changed"))
    if "speakers" in after:
        lines += [_("%(service)s asked to speak") % {"service": one} for one in new_in(before, after)]
        lines += [_("%(service)s no longer asked to speak") % {"service": one} for one in new_in(after, before)]
    return lines


def new_in(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [one for one in after["speakers"] if one not in before["speakers"]]


def moment(iso: str) -> str:
    return day_and_clock(datetime.fromisoformat(iso), "j F")
