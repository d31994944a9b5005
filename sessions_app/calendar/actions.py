"""Calendar feeds: making one's own address and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ppg.audit_trail import audit
from ppg.forms.effects import token_of_press
from ppg.links.codes import digest
from ppg.models import User
from sessions_app.models import CalendarFeed


@transaction.atomic
def make_feed(*, by: User, effect_key: str, at: datetime | None = None) -> str:
    """A new address for the person's calendar; earlier ones stop. Returns its token, which is not kept.

    The token belongs to the press: the form sent twice shows the same address twice. Sent again after it was stopped
    it stays stopped, and nothing is returned.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two presses at once leave one address
    token = token_of_press("calendar feed", effect_key, by=by)
    if made := by.calendar_feeds.filter(token_hash=digest(token)).first():
        return "" if made.revoked_at else token
    _stop(by, at or timezone.now())
    made = CalendarFeed.objects.create(user=by, token_hash=digest(token))
    audit.record(by, audit.Verb.CREATED, made)
    return token


@transaction.atomic
def stop_feed(*, by: User, user: User | None = None, at: datetime | None = None) -> None:
    """The person's address answers no more: one's own, or that of somebody who leaves. Sent twice, nothing more
    happens."""
    if _stop(user or by, at or timezone.now()):
        audit.record(by, audit.Verb.CHANGED, CalendarFeed(user=user or by), fields=["revoked_at"])


def _stop(by: User, now: datetime) -> int:
    return by.calendar_feeds.filter(revoked_at=None).update(revoked_at=now)
