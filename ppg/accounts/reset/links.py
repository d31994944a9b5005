"""The link for a new password, made by the worker in the moment of sending."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from ppg.accounts.mail.links import Link
from ppg.accounts.reset.forms import CodeTokenForm
from ppg.models import AccountMail, User

State = AccountMail.State
MOST, WITHIN = 5, timedelta(hours=1)  # links to one person: whoever asks over and over fills their inbox


def make(user: User, mail: AccountMail, now: datetime) -> str:
    """Nothing for who may not sign in, who never had a password, and who got enough of them within the hour. It
    carries the person's code, and a token that ends with the password it is made for."""
    if not user.is_active or not user.password or not user.has_usable_password() or enough(user, now):
        return ""
    token = CodeTokenForm.token_generator.make_token(user)
    return mail.site + reverse("account_reset_password_from_key", kwargs={"uidb36": user.code, "key": token})


def enough(user: User, now: datetime) -> bool:
    gone = user.account_mails.filter(
        kind=AccountMail.Kind.PASSWORD_RESET, state__in=[State.SENDING, State.SENT, State.UNKNOWN]
    )
    return gone.filter(changed_at__gt=now - WITHIN).count() >= MOST


LINK = Link(AccountMail.Kind.PASSWORD_RESET, make)
