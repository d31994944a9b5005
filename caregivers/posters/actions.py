"""The poster of a group: switched on and off, and its PDF drawn by the worker."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from caregivers.models import Poster
from caregivers.posters.jobs import draw_poster
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.models import User
from programmes.models import Cohort

# The address is also typed by hand, from the other side of a waiting room: small letters that look like no other.
# It opens nothing personal, hangs on walls for everybody to see, and may be short.
LETTERS, LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10


@transaction.atomic
def switch_poster(*, cohort: Cohort, on: bool, by: User | None, site: str, at: datetime | None = None) -> Poster:
    """Takes names, or takes none any more. Switched on again the address on the walls is the same.

    `site` ("https://host") is where the poster's code leads.
    """
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)  # two presses at once: one poster
    poster = Poster.objects.defer("pdf").filter(cohort=cohort).first()
    if poster is None and not on:
        return Poster(cohort=cohort)  # there was nothing to switch off
    if poster is None:
        code = "".join(secrets.choice(LETTERS) for _number in range(LENGTH))
        poster = Poster.objects.create(code=code, cohort=cohort, made_by=by)
        audit.record(by, audit.Verb.CREATED, poster, cohort=cohort)
    elif on == (poster.closed_at is not None):
        poster.closed_at = None if on else at or timezone.now()
        poster.save(update_fields=["closed_at"])
        audit.record(by, audit.Verb.CHANGED, poster, cohort=cohort, fields=["opened" if on else "closed"])
    if on:
        enqueue_on_commit(draw_poster, poster.code, site)
    return poster
