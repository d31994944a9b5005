"""What an administrator does with somebody's account. Each is in the trail; whom it is about is told by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg import audit
from ppg.accounts import groups, leaving, mail, sessions
from ppg.models import AccountMail, Invitation, User
from ppg.permissions import Role
from ppg.refusals import Refused


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
    _hold()
    if why := why_not_invite(email):
        raise Refused(why)
    user = User.objects.create_user(email, name=name, role=role, joined_at=None)
    audit.record(by, audit.Verb.CREATED, user, fields=["email", "name", "role"])
    if by is not None:
        groups.join(user, in_groups, by)
        mail.post(mail.Kind.INVITATION, user, by=by, site=site)
    return user


def new_link(user: User, by: User | None, now: datetime) -> str:
    """The token of a new link; those before it open nothing any more."""
    user.invitations.live(now).update(revoked_at=now)
    expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    _link, token = Invitation.objects.issue(user=user, invited_by=by, expires_at=expires_at)
    return token


def link_of(user: User, row: AccountMail, now: datetime) -> str:
    """The address in an invitation's e-mail, made in the moment of sending; nothing where they have joined since."""
    if not user.is_invited:
        return ""
    return row.site + reverse("join", args=[new_link(user, row.by, now)])


def why_not_invite_again(user: User) -> str:
    return "" if user.is_invited else _("%(name)s does not wait for an invitation.") % {"name": user.name}


@transaction.atomic
def invite_again(*, user: User, by: User, site: str) -> None:
    """The link goes to the address that they have now."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if why := why_not_invite_again(user):
        raise Refused(why)
    audit.record(by, audit.Verb.CHANGED, user, fields=["invitation"])
    mail.post(mail.Kind.INVITATION, user, by=by, site=site)


@transaction.atomic
def take_back(*, user: User, by: User) -> None:
    """Nothing of somebody who never came stays; where something hangs on them, the account is blocked instead."""
    user = _hold(user)[user.pk]
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
        _block(user)


@transaction.atomic
def join(*, user: User, password: str | None) -> User:
    """The invitation is accepted: from now on they sign in with this password, or (None) with the council's account."""
    user = User.objects.select_for_update().get(pk=user.pk)
    now = timezone.now()
    user.set_password(password)
    user.joined_at = now
    user.save(update_fields=["password", "joined_at"])
    user.invitations.live(now).update(used_at=now)
    audit.record(user, audit.Verb.CHANGED, user, fields=["joined"])
    return user


# --- Changing --------------------------------------------------------------------------------------------


def why_not_without(user: User) -> str:
    """Why the service cannot be without this administrator, or nothing."""
    if user.role != Role.ADMINISTRATOR or not user.is_active or user.joined_at is None:
        return ""
    if User.objects.administrators().exclude(pk=user.pk).exists():
        return ""
    return _("%(name)s is the only administrator. Invite another one first, and wait until they have joined.") % {
        "name": user.name
    }


@transaction.atomic
def change(
    *, user: User, by: User, name: str, email: str, role: str, choices: Mapping[str, User] | None = None
) -> None:
    """A new role ends their sessions: what they may do is asked anew. What does not go with it goes to others first:
    `choices` says to whom. A new address is told to both addresses."""
    user = _hold(user, *(choices or {}).values())[user.pk]
    old = {"name": user.name, "email": user.email, "role": user.role}
    new = {"name": name, "email": email.lower(), "role": role}
    changed = [field for field in old if old[field] != new[field]]
    if not changed:
        return
    if "role" in changed and (why := why_not_without(user)):
        raise Refused(why)
    if User.objects.filter(email=new["email"]).exclude(pk=user.pk).exists():
        raise Refused(_("Somebody else has this address."))
    if "role" in changed:
        leaving.hand_over(user=user, role=role, choices=choices or {}, by=by)
        leaving.end_access(user=user, role=role, by=by)
    User.objects.filter(pk=user.pk).update(**new)
    user.refresh_from_db()
    audit.record(by, audit.Verb.CHANGED, user, fields=changed)
    if "role" in changed:
        sessions.end_all(user)
        mail.post(mail.Kind.ROLE_CHANGED, user, by=by)
    if "email" in changed:
        _new_address(user, old["email"], by)


def _new_address(user: User, old: str, by: User) -> None:
    EmailAddress.objects.filter(user=user).delete()  # allauth's own list: it would keep the old one
    mail.post(mail.Kind.ADDRESS_OLD, user, by=by, address=old)
    mail.post(mail.Kind.ADDRESS_NEW, user, by=by)


# --- Blocking --------------------------------------------------------------------------------------------


def why_not_block(user: User, by: User) -> str:
    """Why `by` cannot block them, or nothing."""
    if user.pk == by.pk:
        return _("You cannot block yourself. Another administrator can.")
    return why_not_without(user)


@transaction.atomic
def block(*, user: User, by: User, choices: Mapping[str, User] | None = None) -> None:
    """They cannot sign in from now on, and each open page of theirs is the last. What they have open goes on first:
    `choices` says with whom."""
    user = _hold(user, *(choices or {}).values())[user.pk]
    if not user.is_active:
        return  # pressed twice
    if why := why_not_block(user, by):
        raise Refused(why)
    leaving.hand_over(user=user, choices=choices or {}, by=by)
    leaving.end_access(user=user, by=by)
    _block(user)
    audit.record(by, audit.Verb.CHANGED, user, fields=["blocked"])
    mail.post(mail.Kind.BLOCKED, user, by=by)


def _block(user: User) -> None:
    now = timezone.now()
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.invitations.live(now).update(revoked_at=now)
    sessions.end_all(user)


@transaction.atomic
def unblock(*, user: User, by: User) -> None:
    """With the password and factor they had. Groups do not come back: their leads add them again."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by, audit.Verb.CHANGED, user, fields=["unblocked"])
    mail.post(mail.Kind.UNBLOCKED, user, by=by)


def _hold(*users: User) -> dict[int, User]:
    """These people as they are now, and every administrator: so one account is changed after the other. Two
    administrators who block each other at once would leave none, and two invitations of one address two accounts."""
    return leaving.hold([*users, *User.objects.filter(role=Role.ADMINISTRATOR)])
