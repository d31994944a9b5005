"""An invitation: made, sent again, taken back, accepted. The account is there from the beginning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import groups, leaving, mail
from ppg.accounts.mail.links import Link
from ppg.audit_trail import audit
from ppg.models import AccountMail, Invitation, User


def why_not_invite(email: str) -> str:
    """Why this address cannot be invited, or nothing."""
    there = User.objects.filter(email=email.lower()).first()
    if there is None:
        return ""
    if there.is_invited:
        return _("%(name)s is invited already. You can send the invitation again.") % {"name": there.name}
    if not there.is_active:
        return _("%(name)s had an account that is blocked. Unblock it instead.") % {"name": there.name}
    return _("%(name)s has an account with this address.") % {"name": there.name}


@transaction.atomic
def invite(*, name: str, email: str, role: str, in_groups: Iterable[str] = (), by: User | None, site: str) -> User:
    """An account that opens by its invitation only. `by` is None for the command on the server, which sends no
    e-mail: it prints the link."""
    leaving.hold_accounts(by=by)
    if why := why_not_invite(email):
        raise Refused(why)
    user = User.objects.create_user(email, name=name, role=role, joined_at=None)
    audit.record(by, audit.Verb.CREATED, user, fields=["email", "name", "role"])
    if by is not None:
        groups.join(user, in_groups, by)
        mail.tell_readers(user, by)
        mail.post(mail.Kind.INVITATION, user, by=by, site=site)
    return user


def new_link(user: User, by: User | None, now: datetime) -> str:
    """The token of a new link; those before it open nothing any more."""
    user.invitations.revoke(now)
    expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    _link, token = Invitation.objects.issue(user=user, invited_by=by, expires_at=expires_at)
    return token


def link_of(user: User, row: AccountMail, now: datetime) -> str:
    """The address in an invitation's e-mail, made in the moment of sending; nothing where they have joined since."""
    if not user.is_invited:
        return ""
    return row.site + reverse("join", args=[new_link(user, row.by, now)])


LINK = Link(AccountMail.Kind.INVITATION, link_of)


def why_not_invite_again(user: User) -> str:
    return "" if user.is_invited else _("%(name)s does not wait for an invitation.") % {"name": user.name}


@transaction.atomic
def invite_again(*, user: User, by: User, site: str) -> None:
    """The link goes to the address that they have now."""
    user = leaving.hold_accounts(user, by=by)[user.pk]
    if why := why_not_invite_again(user):
        raise Refused(why)
    audit.record(by, audit.Verb.CHANGED, user, fields=["invitation"])
    mail.post(mail.Kind.INVITATION, user, by=by, site=site)


@transaction.atomic
def take_back(*, user: User, by: User | None) -> None:
    """Nothing of somebody who never came stays; where something hangs on them, the account is blocked instead."""
    user = leaving.hold_accounts(user, by=by)[user.pk]
    if not user.is_invited:
        raise Refused(_("%(name)s has joined already. Block the account instead.") % {"name": user.name})
    if why := leaving.why_not(user):
        raise Refused(f"{_('Hand over what they have open first.')} {why[0]}")
    audit.record(by, audit.Verb.CHANGED, user, fields=["invitation taken back"])
    try:
        with transaction.atomic():
            groups.forget(user)
            user.delete()
    except ProtectedError:
        User.objects.filter(pk=user.pk).update(is_active=False)
        user.invitations.revoke(timezone.now())


@transaction.atomic
def join(*, user: User, password: str | None) -> User:
    """The invitation is accepted: from now on they sign in with this password, or (None) with the council's account."""
    user, now = leaving.hold_accounts(user)[user.pk], timezone.now()
    if not user.is_invited or not user.invitations.live(now).exists():
        raise Refused(_("This link has ended. Ask your administrator to send the invitation again."))
    user.set_password(password)
    user.joined_at = now
    user.save(update_fields=["password", "joined_at"])
    user.invitations.live(now).update(used_at=now)
    audit.record(user, audit.Verb.CHANGED, user, fields=["joined"])
    return user
