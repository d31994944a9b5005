"""Taking what a group changed back into the guide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.models import User
from programmes.agenda.changes import What
from programmes.editing import actions as editing
from programmes.models import Guide
from sessions_app.learning.learned import ABOUT, predecessor
from sessions_app.learning.queries import agenda_of, items_of, key_of
from sessions_app.models import Session


@transaction.atomic
def take(*, session: Session, key: str, what: What, by: User, at: datetime | None = None) -> Guide:
    """Puts one change of a group's agenda into the guide's draft, making the draft if there is none. Twice is once.

    `key` is the part's, as `copies.key_of` says it.
    """
    if session.guide is None:
        raise Refused(_("This session belongs to no guide, so there is nothing to take it into."))
    items = {key_of(item): item for item in items_of(session)}
    agenda = agenda_of(items.values(), session.steps.all())
    part = next((one for one in agenda if one.key == key), None)
    if (part is None) != (what is What.LEFT_OUT):
        raise Refused(_("The group’s agenda has changed meanwhile. Look at it again."))
    draft = editing.start(guide=session.guide, by=by, at=at)
    if part is None:
        editing.remove_item(guide=draft, key=key, by=by, at=at)
        return draft
    known = list(draft.items.values_list("key", flat=True))
    after = predecessor(agenda, key, known)
    uses = [use.resource for use in items[key].uses_in_order.all()]
    if what is What.ADDED:
        if key not in known:
            fields: dict[str, Any] = editing.fields_of(items[key])
            editing.save_item(guide=draft, key=key, by=by, uses=uses, after=after, seen="", at=at, **fields)
    elif key not in known:
        raise Refused(_("This part is not in the guide any more."))
    elif what is What.MOVED:
        editing.move_item(guide=draft, key=key, after=after, by=by, at=at)
    else:
        value = uses if what is What.USES else getattr(part, ABOUT[what])
        editing.change_item(guide=draft, key=key, by=by, at=at, **{ABOUT[what]: value})
    return draft
