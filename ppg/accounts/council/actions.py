"""Connecting one's account here with the council's, and disconnecting it."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import mail
from ppg.audit_trail import audit
from ppg.models import User


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
    mail.post(mail.Kind.COUNCIL_CHANGED, user)


@transaction.atomic
def connect(*, user: User, request: HttpRequest, sociallogin: SocialLogin) -> None:
    """One account of the council for one person. It is in the trail, and its owner reads of it by e-mail."""
    if sociallogin.is_existing and sociallogin.user.pk == user.pk:
        return
    if sociallogin.is_existing or is_connected(user):
        raise Refused(_("That council account, or yours here, is connected already."))
    sociallogin.connect(request, user)
    audit.record(user, audit.Verb.CHANGED, user, fields=["council account connected"])
    mail.post(mail.Kind.COUNCIL_CHANGED, user)
