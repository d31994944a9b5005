"""Two editors at once: what a page showed, and what is said when somebody else was quicker."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ppg.models import User
from ppg.time_of_day import clock
from ppg.versions import ChangedMeanwhile, digest, who_changed
from programmes.agenda.items import fields_of
from programmes.models import AgendaItem, Guide


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


def meanwhile(draft: Guide, by: User) -> ChangedMeanwhile:
    when = clock(draft.changed_at) if draft.changed_at else ""
    return ChangedMeanwhile(
        _(
            "%(who)s changed this at %(when)s, after you opened the page. What you typed is still here. "
            "Look at theirs first; if you save again, yours takes its place."
        )
        % {"who": who_changed(draft, by), "when": when}
    )
