"""Ticking what is packed, printed and tried out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.models import User
from sessions_app.models import Prepared, Session
from sessions_app.preparing import queries, things


@transaction.atomic
def tick(*, session: Session, what: str, done: bool, by: User, at: datetime | None = None) -> None:
    """Ticked or not, whatever it was before: sent twice, or by two people, it stays as asked."""
    if not done:
        Prepared.objects.filter(session=session, what=what).delete()
        return
    known = queries.things(session, things.group(queries.places_of(session)))
    if what not in {thing.what for thing in known.every()}:
        raise Refused(_("This is no longer on the list. Load the page again."))
    Prepared.objects.get_or_create(session=session, what=what, defaults={"by": by, "at": at or timezone.now()})
