"""What an administrator does with somebody's account. Each is in the trail; whom it is about is told by e-mail."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import leaving, mail, sessions
from ppg.accounts.factor import actions as factor
from ppg.audit_trail import audit
from ppg.models import User

# --- Changing --------------------------------------------------------------------------------------------


def why_not_role(user: User, by: User) -> str:
    """Why `by` cannot give them another role, or nothing. Who could give it to themselves would have every role, and
    might leave the service without an administrator."""
    if user.pk == by.pk:
        return _("You cannot change your own role. Another administrator can.")
    return ""


@transaction.atomic
def change(
    *, user: User, by: User, name: str, email: str, role: str, site: str, choices: Mapping[str, User] | None = None
) -> None:
    """A new role ends their sessions: what they may do is asked anew. What does not go with it goes to others first:
    `choices` says to whom. A new address is told to both addresses."""
    user = leaving.hold_accounts(user, *(choices or {}).values(), by=by)[user.pk]
    old = {"name": user.name, "email": user.email, "role": user.role}
    new = {"name": name, "email": email.lower(), "role": role}
    changed = [field for field in old if old[field] != new[field]]
    if not changed:
        return
    if "role" in changed and (why := why_not_role(user, by)):
        raise Refused(why)
    if "email" in changed and audit.did_lately(by, user, "second factor", days=factor.ALONE_DAYS):
        raise Refused(_("You reset their second factor a few days ago. Another administrator changes the address."))
    if User.objects.filter(email=new["email"]).exclude(pk=user.pk).exists():
        raise Refused(_("Somebody else has this address."))
    if "role" in changed:
        leaving.hand_over(user=user, role=role, choices=choices or {}, by=by)
        leaving.end_access(user=user, role=role, by=by)
    User.objects.filter(pk=user.pk).update(**new)
    user.refresh_from_db()
    audit.record(by, audit.Verb.CHANGED, user, fields=changed)
    if changed != ["name"]:
        mail.tell_readers(user, by)
    if "role" in changed:
        sessions.end_all(user)
        if not user.is_invited:
            mail.post(mail.Kind.ROLE_CHANGED, user, by=by)
    if "email" in changed:
        _new_address(user, old["email"], by, site)


def _new_address(user: User, old: str, by: User, site: str) -> None:
    """Who has not joined gets the invitation there, and the link that went to the old address ends at once."""
    if user.is_invited:
        user.invitations.revoke(timezone.now())
        mail.post(mail.Kind.INVITATION, user, by=by, site=site)
        return
    EmailAddress.objects.filter(user=user).delete()  # allauth's own list: it would keep the old one
    mail.post(mail.Kind.ADDRESS_OLD, user, by=by, address=old)
    mail.post(mail.Kind.ADDRESS_NEW, user, by=by)


# --- Blocking --------------------------------------------------------------------------------------------


def why_not_block(user: User, by: User) -> str:
    """Why `by` cannot block them, or nothing. So one administrator is always left: whoever pressed."""
    if user.pk == by.pk:
        return _("You cannot block yourself. Another administrator can.")
    return ""


@transaction.atomic
def block(*, user: User, by: User, choices: Mapping[str, User] | None = None) -> None:
    """They cannot sign in from now on, and each open page of theirs is the last. What they have open goes on first:
    `choices` says with whom."""
    user = leaving.hold_accounts(user, *(choices or {}).values(), by=by)[user.pk]
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
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.invitations.revoke(timezone.now())
    sessions.end_all(user)


@transaction.atomic
def unblock(*, user: User, by: User) -> None:
    """With the password and factor they had. Groups do not come back: their leads add them again."""
    user = leaving.hold_accounts(user, by=by)[user.pk]
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by, audit.Verb.CHANGED, user, fields=["unblocked"])
    if user.joined_at is not None:  # nobody signs in "as before" who never did
        mail.post(mail.Kind.UNBLOCKED, user, by=by)
