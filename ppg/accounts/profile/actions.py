"""What somebody changes about their own account."""

from __future__ import annotations

from django.db import transaction

from ppg.accounts import sessions
from ppg.audit_trail import audit
from ppg.models import SignIn, User


@transaction.atomic
def rename(*, user: User, name: str) -> None:
    if user.name == name:
        return
    user.name = name
    user.save(update_fields=["name"])
    audit.record(user, audit.Verb.CHANGED, user, fields=["name"])


@transaction.atomic
def choose_work_mail(*, user: User, work_mail: str) -> None:
    if user.work_mail == work_mail:
        return
    user.work_mail = work_mail
    user.save(update_fields=["work_mail"])
    audit.record(user, audit.Verb.CHANGED, user, fields=["work_mail"])


@transaction.atomic
def sign_out(*, user: User, sign_in: SignIn) -> None:
    """On another device."""
    sessions.end(sign_in)
    audit.record(user, audit.Verb.SIGNED_OUT, user, fields=["one device"])


@transaction.atomic
def sign_out_everywhere(*, user: User) -> None:
    sessions.end_all(user)
    audit.record(user, audit.Verb.SIGNED_OUT, user, fields=["everywhere"])
