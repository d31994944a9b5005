"""What somebody changes about their own account."""

from __future__ import annotations

from django.db import transaction

from ppg import audit
from ppg.accounts import mail, sessions
from ppg.models import User


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    if user.name == name:
        return
    user.name = name
    user.save(update_fields=["name"])
    audit.record(user, audit.Verb.CHANGED, user, fields=["name"])


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Every session ends; the page that calls this keeps its own."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user)
    audit.record(user, audit.Verb.CHANGED, user, fields=["password"])
    mail.post(mail.Kind.PASSWORD_CHANGED, user)
