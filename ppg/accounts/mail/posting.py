"""Writing an e-mail about an account down, sending it again, and leaving it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts.mail import jobs, links
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.models import AccountMail, User
from ppg.models.account_mail import AccountMailQuerySet

State, Why = AccountMail.State, AccountMail.Why


@transaction.atomic
def post(
    kind: str,
    user: User | None,
    *,
    by: User | None = None,
    site: str = "",
    address: str = "",
    at: datetime | None = None,
) -> AccountMail:
    """Call it inside the transaction of what it is about: the e-mail leaves if that is kept.

    `address` where it does not go to the user's own as it is when it leaves: their old one, or one that somebody typed
    (then `user` is None and the worker looks). `site`, "https://host", for kinds that carry a link. `by` is the
    administrator who asked.
    """
    if kind in links.WITH_LINK and not site:
        raise ValueError(f"{kind} carries a link: say where it leads (ppg.links.codes.site).")
    if not address and (user is None or kind == AccountMail.Kind.ADDRESS_OLD):
        raise ValueError(f"{kind}: say to which address it goes.")
    now = at or timezone.now()
    mail = AccountMail.objects.create(
        kind=kind, user=user, by=by, site=site, address=address, happened_at=now, asked_at=now, changed_at=now
    )
    enqueue_on_commit(jobs.send_account_mail, mail.code)
    return mail


def tell_readers(user: User, by: User | None) -> None:
    """Every other safeguarding lead, where an administrator makes somebody one or changes how one signs in: whoever
    does both could read what is told to them alone."""
    if user.role == Role.SAFEGUARDING:
        for reader in User.objects.joined().filter(role=Role.SAFEGUARDING).exclude(pk=user.pk):
            post(AccountMail.Kind.READERS_CHANGED, reader, by=by)


def undelivered(now: datetime | None = None) -> AccountMailQuerySet:
    """What an administrator has to look at, newest first."""
    return AccountMail.objects.undelivered(now).select_related("user").defer("address")


@transaction.atomic
def send_again(*, code: str, by: User, seen: str, at: datetime | None = None) -> bool:
    """One that was not sent, or whose fate nobody knows; whether it goes. `seen` is what the page showed (`as_seen`):
    what has become known since is not sent again by mistake, and a second press sends nothing more."""
    now = at or timezone.now()
    mail = locked(code)
    if mail is None or mail.state_at(now) not in (State.FAILED, State.UNKNOWN) or as_seen(mail, now) != seen:
        return False
    one = AccountMail.objects.filter(pk=mail.pk)
    if mail.state == State.SENDING:  # its worker died, and no sweep has said so yet
        one.turn(State.UNKNOWN, now, why=Why.DIED)
    one.turn(State.WAITING, now, asked_at=now, why="")
    audit.record(by, audit.Verb.CHANGED, mail, person=mail.user, fields=["send_again"])
    enqueue_on_commit(jobs.send_account_mail, mail.code)
    return True


@transaction.atomic
def drop(*, code: str, by: User, at: datetime | None = None) -> None:
    """It is not sent (again), and nobody is shown it any more."""
    mail = locked(code)
    if mail is None or mail.state == State.SENT:
        return
    if mail.state_at(at or timezone.now()) == State.SENDING:
        raise Refused(_("It is being sent just now. Look again in a minute."))
    audit.record(by, audit.Verb.CHANGED, mail, person=mail.user, fields=["do_not_send"])
    mail.delete()


def as_seen(mail: AccountMail, now: datetime) -> str:
    """Stands for its state and try."""
    return f"{mail.state_at(now)} {mail.tries}"


def locked(code: str) -> AccountMail | None:
    """Nobody acts upon one whose address was not looked up yet: that would tell whether it is known."""
    rows = AccountMail.objects.select_for_update(of=("self",)).select_related("user").defer("address")
    return rows.filter(code=code, user__isnull=False).first()
