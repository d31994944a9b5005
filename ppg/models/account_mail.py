"""E-mails about somebody's account, on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import outgoing
from ppg.models.people import User

LONGEST_ADDRESS = 1016  # bytes: 254 characters of up to four


class AddressField(EncryptedTextField):
    """An e-mail address that lies encrypted at one length: how long it is says something about whose it is."""

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return super().get_prep_value(value + " " * (LONGEST_ADDRESS - len(value.encode())))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        read = super().from_db_value(value, expression, connection)
        return read and read.rstrip(" ")


class AccountMailQuerySet(models.QuerySet["AccountMail"]):
    def turn(self, to: str, at: datetime, **fields: Any) -> int:
        """Those that `outgoing.NEXT` allows go to the state; says how many. One statement: of two who try, one does."""
        return self.filter(state__in=outgoing.before(to)).update(state=to, changed_at=at, **fields)

    def undelivered(self, now: datetime | None = None) -> Self:
        """What somebody has to look at: not sent, not known, or still not gone after so long that no worker may be
        running. An address that somebody typed and nobody has looked up yet is not among them."""
        late = (now or timezone.now()) - outgoing.LOST_AFTER
        return self.filter(user__isnull=False).filter(
            Q(state__in=[outgoing.FAILED, outgoing.UNKNOWN])
            | Q(state=outgoing.SENDING, changed_at__lt=late)
            | Q(state=outgoing.WAITING, asked_at__lt=late)
        )


class AccountMail(models.Model):
    """One e-mail to one person about their account. What it says is written in the moment of sending: a row, a queue
    or a log that held its link could be read."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("The invitation")
        PASSWORD_RESET = "password_reset", _("The link for a new password")
        PASSWORD_CHANGED = "password_changed", _("That their password was changed")
        FACTOR_ADDED = "factor_added", _("That a second step for signing in was added")
        FACTOR_REMOVED = "factor_removed", _("That a second step for signing in was removed")
        FACTOR_RESET = "factor_reset", _("That an administrator removed their second step")
        CODE_USED = "code_used", _("That a recovery code was used")
        CODES_MADE = "codes_made", _("That there are new recovery codes")
        COUNCIL_CHANGED = "council_changed", _("That the council’s account signs them in, or no longer")
        READERS_CHANGED = "readers_changed", _("That who reads concerns was changed")
        ROLE_CHANGED = "role_changed", _("That their role was changed")
        ADDRESS_NEW = "address_new", _("That they sign in with another address, to the new one")
        ADDRESS_OLD = "address_old", _("That they sign in with another address, to the old one")
        BLOCKED = "blocked", _("That their account was closed")
        UNBLOCKED = "unblocked", _("That their account was opened again")
        RETENTION_DUE = "retention_due", _("That people’s details are due to be removed")
        DUE = "due", _("How much is due for them")
        NEWS = "news", _("That something new waits for them")
        TRIAL = "trial", _("An e-mail to see whether e-mails arrive")

    class State(models.TextChoices):
        WAITING = outgoing.WAITING, _("Still waiting")
        SENDING = outgoing.SENDING, _("Being sent")
        SENT = outgoing.SENT, _("Sent")
        FAILED = outgoing.FAILED, _("Not sent")
        UNKNOWN = outgoing.UNKNOWN, _("Not known")

    class Why(models.TextChoices):
        """What is wrong, for an administrator."""

        REFUSED = "refused", _("The mail server did not take it. Check the address.")
        UNREACHABLE = "unreachable", _("The mail server could not be reached, or was too busy.")
        LATE = "late", _("It could not leave in time.")
        FAULT = "fault", _("It could not be written: a fault of the program.")
        BROKE = "broke", _("The connection broke while it was being sent. It may have arrived.")
        DIED = "died", _("Our own computer stopped while it was being sent. It may have arrived.")

    code = CodeField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # Nobody yet, while it waits for the worker to look up an address that was typed by whoever.
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="account_mails")
    address = AddressField(blank=True)  # where it is not the user's own as it is now; emptied when it has been sent
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    site = models.CharField(max_length=300, blank=True)  # "https://host", where its link leads
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=12, choices=Why.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()  # what it is about
    asked_at = models.DateTimeField()  # when it was to be sent; later where somebody pressed Send again
    changed_at = models.DateTimeField()

    objects = AccountMailQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "changed_at"], name="account_mail_under_way")]
        verbose_name = "e-mail about an account"
        verbose_name_plural = "e-mails about accounts"

    def __str__(self) -> str:
        return self.get_kind_display()

    def state_at(self, now: datetime) -> str:
        """Being sent for longer than any server takes: the worker died, and nobody knows, even if no sweep said so."""
        lost = self.state == outgoing.SENDING and self.changed_at < now - outgoing.LOST_AFTER
        return outgoing.UNKNOWN if lost else self.state
