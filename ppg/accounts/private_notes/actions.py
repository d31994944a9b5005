"""Private notes, written by whoever they belong to. The audit trail says nothing of them, not even when."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.accounts.leaving import hold_at_work
from ppg.models import PrivateNotes, User
from ppg.versions import ChangedMeanwhile


@transaction.atomic
def write(*, by: User, text: str, version: int) -> None:
    """`version` is the one that the page showed. An empty text leaves nothing behind."""
    hold_at_work(by)
    kept = PrivateNotes.objects.select_for_update().filter(user=by).first() or PrivateNotes(user=by, text="")
    if kept.text == text:
        return
    if kept.version != version:
        raise ChangedMeanwhile(
            _(
                "You saved your notes in another window meanwhile. What is saved stands below the box. "
                "Put into the box what you want to keep, then press again."
            )
        )
    if not text:
        kept.delete()
        return
    kept.text, kept.version = text, kept.version + 1
    kept.save()
