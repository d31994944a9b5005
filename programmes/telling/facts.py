"""What the e-mails say: numbers and where to sign in. Read in the moment of sending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from ppg.accounts.mail import Kind
from ppg.accounts.mail.facts import Facts
from ppg.models import AccountMail, User, WorkMail
from programmes.due.queries import due


def how_much(user: User, mail: AccountMail, now: datetime) -> Mapping[str, Any] | None:
    """As many as home shows them."""
    if not user.can_sign_in or user.work_mail == WorkMail.OFF:
        return None
    everything = due(user, now)
    if not everything.to_do:
        return None
    late = sum(task.overdue for task in everything.to_do)
    return {"many": len(everything.to_do), "late": late, "more": everything.more, "happened": now, "link": _home(mail)}


def something(user: User, mail: AccountMail, now: datetime) -> Mapping[str, Any] | None:
    if not user.can_sign_in or user.work_mail != WorkMail.AT_ONCE:
        return None
    return {"link": _home(mail)}


def _home(mail: AccountMail) -> str:
    """Who is not signed in is asked to, and comes there."""
    return mail.site + reverse("home")


FACTS = [Facts(Kind.DUE, how_much), Facts(Kind.NEWS, something)]
