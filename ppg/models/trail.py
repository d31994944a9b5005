"""The trail of what people did."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from ppg.models.people import User

# What a command does on the server while nobody is signed in: an account, and taking everything out.
BY_COMMAND = ("user", "audithead", "service", "concern", "information")


class NothingChanges(models.QuerySet):
    """Rows that are written once: neither changed nor deleted by the product."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The audit trail cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail cannot be deleted.")


class AuditEntry(models.Model):
    """Who saw, changed, exported or downloaded what about whom.

    Holds opaque codes and names of fields, never values: names are looked up when the trail is shown,
    so that erasing a person leaves nothing of them here.
    """

    class Verb(models.TextChoices):
        SIGNED_IN = "signed in", _("signed in")
        SIGNED_OUT = "signed out", _("signed out")
        FAILED = "failed", _("tried to sign in as")
        RESET = "reset", _("chose a new password for")
        SAW = "saw", _("saw")
        CREATED = "created", _("created")
        CHANGED = "changed", _("changed")
        EXPORTED = "exported", _("exported")
        DOWNLOADED = "downloaded", _("downloaded")

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12, choices=Verb.choices)
    what = models.CharField(max_length=40)  # the kind of record: "caregiver", "report", …
    ref = models.CharField(max_length=22, blank=True)  # the record's code
    person = models.CharField(max_length=22, blank=True, db_index=True)  # the caregiver's code
    cohort = models.CharField(max_length=22, blank=True, db_index=True)  # the cohort's code
    fields = models.JSONField(default=list)
    page = models.CharField(max_length=60, blank=True)  # of one that shows people: the name of its address

    objects = NothingChanges.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["ref"], name="trail_of_a_record")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.verb} {self.what}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("The audit trail cannot be changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("The audit trail cannot be deleted.")

    @property
    def who(self) -> str:
        """In words, also where nobody was signed in."""
        if self.user:
            return self.user.name
        if self.verb == self.Verb.FAILED:
            return str(_("Somebody who was not let in"))
        if self.verb == self.Verb.RESET:
            return str(_("Somebody, by the link for a new password"))
        if self.what in BY_COMMAND:
            return str(_("A command on the server"))
        return str(_("A caregiver, by their link"))

    @property
    def deed(self) -> str:
        """What was done to what: "changed cohort". Whoever signs in or out does it to nobody else."""
        if self.what == self._meta.model_name:
            return str(_("took a copy of this trail") if self.verb == self.Verb.EXPORTED else _("looked at this trail"))
        if self.verb in (self.Verb.SIGNED_IN, self.Verb.SIGNED_OUT):
            return str(self.get_verb_display())
        if self.verb == self.Verb.FAILED and self.user:
            return str(_("gave a wrong password or code when asked once more"))
        nobody_has = self.verb == self.Verb.FAILED and not self.ref
        return f"{self.get_verb_display()} {_('an address that nobody has') if nobody_has else self.kind}"

    @property
    def kind(self) -> str:
        """The kind of record in words: "report version"."""
        model = models_by_name().get(self.what)
        return str(model._meta.verbose_name) if model else self.what


@cache
def models_by_name() -> dict[str, type[models.Model]]:
    """By what an entry calls a kind of record."""
    return {str(model._meta.model_name): model for model in apps.get_models()}


class AuditSeal(models.Model):
    """An entry's place in the chain: a hash over the entry and over the seal before it (`ppg.audit_trail.chain`).

    A row of its own, so that an entry is never changed, not even to be sealed.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 … without a gap
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)

    objects = NothingChanges.as_manager()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class AuditHead(models.Model):
    """Where the chain ends, vouched for with a key that the database does not hold. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)  # of the last seal
    hash = models.CharField(max_length=64, blank=True)
    since = models.BigIntegerField(default=0)  # the chain is checked from the seal after this one
    mac = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_head")]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"
