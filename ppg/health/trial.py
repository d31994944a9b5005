"""An e-mail that an administrator sends to themselves: what a mail server says is one thing, what arrives another."""

from __future__ import annotations

from django.db import transaction

from ppg.accounts.mail import Kind, post
from ppg.models import AccountMail, User, outgoing


def last(user: User) -> AccountMail | None:
    return AccountMail.objects.filter(user=user, kind=Kind.TRIAL).first()


@transaction.atomic
def send(user: User) -> None:
    """One at a time: whoever presses again while it waits gets none besides."""
    under_way = AccountMail.objects.filter(user=user, kind=Kind.TRIAL, state__in=[outgoing.WAITING, outgoing.SENDING])
    if not under_way.exists():
        post(Kind.TRIAL, user, by=user)
