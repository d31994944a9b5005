"""What somebody changes about their own account."""

from __future__ import annotations

from django.db import transaction

from ppg import audit
from ppg.models import User


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    if user.name == name:
        return
    user.name = name
    user.save(update_fields=["name"])
    audit.record(user, audit.Verb.CHANGED, user, fields=["name"])
