"""E-mails about accounts on their way. See `ppg.sending.outbox` for what may become of one.

The queue holds a row's code and nothing else: who it goes to, its link and its words are put together here.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks import task

from ppg.accounts.mail import facts, letters, links
from ppg.encryption.crypto import Unreadable
from ppg.models import AccountMail, User
from ppg.sending import mail as mailing
from ppg.sending import outbox

Kind, State, Why = AccountMail.Kind, AccountMail.State, AccountMail.Why
A_DAY = timedelta(days=1)
# What could not leave by then is given up. Whoever asked for a new password has asked again or gone home, and
# what was due in the morning is not told in the evening.
TOO_OLD = dict.fromkeys(Kind, A_DAY) | {Kind.PASSWORD_RESET: timedelta(hours=1), Kind.DUE: timedelta(hours=6)}
KEPT = timedelta(days=30)  # after that nobody asks what became of it


class NotWritten(Exception):
    """A fault of ours. Says which kind of error it was and not its words: those may hold an address."""


@task(priority=10)  # somebody waits at their screen: before documents and messages
def send_account_mail(code: str) -> None:
    """One e-mail. Run twice, or by two workers at once, it sends once."""
    now = timezone.now()
    try:
        claimed = claim(code, now)
    except DatabaseError:
        raise  # it is as it was before, and the sweep comes back to it
    except Exception as error:
        give_up(code, now, Why.FAULT)
        raise NotWritten(type(error).__name__) from None
    if claimed is not None:
        settle(claimed[0], *attempt(*claimed))


def attempt(mail: AccountMail, letter: letters.Letter) -> tuple[str, str]:
    """Tries once; what became of it, and why it did not go."""
    try:
        mailing.send(to=letter.to, subject=letter.subject, text=letter.text, ref=letter.ref)
    except mailing.NotSent as error:
        if error.later:
            return State.WAITING if mail.tries < outbox.MOST_TRIES else State.FAILED, Why.UNREACHABLE
        return State.FAILED, Why.REFUSED
    except mailing.FateUnknown:
        return State.UNKNOWN, Why.BROKE
    return State.SENT, ""


# --- From one state to the next -------------------------------------------------------------------------


def claim(code: str, now: datetime) -> tuple[AccountMail, letters.Letter] | None:
    """Marks it as being sent, for this worker alone, and writes it; None where there is nothing to send (any more)."""
    with transaction.atomic():
        mail = waiting(code)
        if mail is None or (user := addressee(mail)) is None:
            return None
        if mail.asked_at < now - TOO_OLD[Kind(mail.kind)]:
            AccountMail.objects.filter(pk=mail.pk).turn(State.FAILED, now, why=Why.LATE)
            return None
        link = ""
        if mail.kind in links.WITH_LINK and not (link := links.makers[mail.kind].make(user, mail, now)):
            mail.delete()
            return None
        details = facts.facts_of(user, mail, now)
        if details is None:
            mail.delete()
            return None
        mail.tries += 1
        if not AccountMail.objects.filter(pk=mail.pk).turn(State.SENDING, now, tries=mail.tries, why=""):
            return None
        return mail, letters.write(mail, user, link, details)


def waiting(code: str) -> AccountMail | None:
    """Held until the transaction ends. Its address is read where it is used: one whose key is gone stops nothing."""
    rows = AccountMail.objects.filter(code=code, state=State.WAITING)
    return rows.select_for_update(of=("self",)).select_related("user").defer("address").first()


def addressee(mail: AccountMail) -> User | None:
    """Whom it is for. An address that was typed is looked up here and never in a request; of one that nobody has,
    nothing stays. What is sent goes to the address we know, not to the one that was typed."""
    if mail.user is None:
        with suppress(Unreadable):
            mail.user = User.objects.filter(email=mail.address.lower()).first()
        if mail.user is None:
            mail.delete()
            return None
        mail.address = ""
        mail.save(update_fields=["user", "address"])
    return mail.user


def settle(mail: AccountMail, to: str, why: str) -> None:
    """What became of this try. One that was given up meanwhile, and that somebody has sent again, is not touched."""
    tried = AccountMail.objects.filter(pk=mail.pk, tries=mail.tries)
    if to == State.WAITING:
        tried = tried.filter(state=State.SENDING)
    emptied = {"address": ""} if to == State.SENT else {}
    tried.turn(to, timezone.now(), why=why, **emptied)


# --- Once a minute ----------------------------------------------------------------------------------------


def sweep(now: datetime) -> None:
    """Whose worker died is unknown from here on; what waits without a job gets one, or is given up as too old."""
    died = AccountMail.objects.filter(state=State.SENDING, changed_at__lt=now - outbox.LOST_AFTER)
    died.turn(State.UNKNOWN, now, why=Why.DIED)
    for kind, lasts in TOO_OLD.items():
        late = AccountMail.objects.filter(state=State.WAITING, kind=kind, asked_at__lt=now - lasts)
        for code in list(late.values_list("code", flat=True)):
            give_up(code, now, Why.LATE)
    paused = AccountMail.objects.filter(state=State.WAITING, changed_at__lt=now - outbox.PAUSE)
    if codes := set(paused.values_list("code", flat=True)):
        for code in codes - outbox.on_the_queue(send_account_mail):
            send_account_mail.enqueue(code)
    over = AccountMail.objects.filter(state__in=[State.SENT, State.FAILED, State.UNKNOWN])
    over.filter(changed_at__lt=now - KEPT).delete()


def give_up(code: str, now: datetime, why: str) -> None:
    """Not sent. An address that nobody has looked up yet is looked up first: of a stranger's nothing stays."""
    with transaction.atomic():
        mail = waiting(code)
        if mail is not None and addressee(mail):
            AccountMail.objects.filter(pk=mail.pk).turn(State.FAILED, now, why=why)
