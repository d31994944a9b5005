"""Two editors at once: what a page showed, and what is said when somebody else was quicker."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.models import User
from ppg.refusals import Refused
from programmes.agenda_items import fields_of
from programmes.models import AgendaItem, Guide


class ChangedMeanwhile(Refused):
    """Somebody else was quicker. The page keeps what was typed; saving again puts it over theirs."""


class NoDraft(Refused):
    """The draft was published or thrown away meanwhile."""


def fingerprint(item: AgendaItem) -> str:
    """Of what the page of one part shows, so that the same part changed by somebody else is noticed."""
    uses = sorted(use.resource_id for use in item.uses_in_order.all())
    return digest([fields_of(item), uses])


def fingerprint_of_agenda(draft: Guide) -> str:
    return digest([[item.key, item.minutes] for item in draft.items.all()])


def fingerprint_of_about(draft: Guide) -> str:
    return digest([draft.title, draft.aims, draft.materials])


def fingerprint_of_all(draft: Guide) -> str:
    items = [[item.key, fingerprint(item)] for item in draft.items.prefetch_related("uses_in_order")]
    handouts = [handout.resource_id for handout in draft.handouts_in_order.all()]
    return digest([fingerprint_of_about(draft), items, handouts])


def digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:22]


def meanwhile(draft: Guide, by: User) -> ChangedMeanwhile:
    when = timezone.localtime(draft.changed_at).strftime("%H:%M") if draft.changed_at else ""
    return ChangedMeanwhile(
        _(
            "%(who)s changed this at %(when)s, after you opened the page. What you typed is still here. "
            "Look at theirs first; if you save again, yours takes its place."
        )
        % {"who": who_changed(draft, by), "when": when}
    )


def who_changed(draft: Guide, by: User) -> str:
    if draft.changed_by_id == by.pk:
        return _("You, in another window,")
    return str(draft.changed_by) if draft.changed_by else _("Somebody else")
