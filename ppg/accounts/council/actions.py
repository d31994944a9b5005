"""Leaving the council's sign-in."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from ppg import audit
from ppg.models import User
from ppg.refusals import Refused


def is_connected(user: User) -> bool:
    return SocialAccount.objects.filter(user=user).exists()


def why_not_disconnect(user: User) -> str:
    """Why it is the only way in, or nothing."""
    return "" if user.has_usable_password() else _("You have no password here: this is your only way to sign in.")


@transaction.atomic
def disconnect(*, user: User) -> None:
    if why := why_not_disconnect(user):
        raise Refused(why)
    SocialAccount.objects.filter(user=user).delete()
    audit.record(user, audit.Verb.CHANGED, user, fields=["council account disconnected"])
