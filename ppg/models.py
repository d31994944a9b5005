"""People who sign in, the trail of what they did, and the service's own details."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from ppg.links import CodeField
from ppg.permissions import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A member of staff, or a parent with lived experience who co-leads. Caregivers never sign in."""

    code = CodeField()
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("may sign in"), default=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


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
    def kind(self) -> str:
        """The kind of record in words: "report version"."""
        return _kinds().get(self.what, self.what)


@cache
def _kinds() -> dict[str, str]:
    return {str(model._meta.model_name): str(model._meta.verbose_name) for model in apps.get_models()}


class Effect(models.Model):
    """One press, one effect: the key a form carried, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=200, blank=True)
    on = models.DateField(auto_now_add=True)


class Service(models.Model):
    """What this council calls the service and how people reach it. One row; see `ppg.service`."""

    name = models.CharField(_("public name"), max_length=60, default="Common Ground")
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # How long personal data stays after a cohort's last session, and concerns after they were closed.
    keep_months = models.PositiveSmallIntegerField(_("months people's details are kept"), default=12)
    keep_concern_years = models.PositiveSmallIntegerField(_("years concerns are kept"), default=6)

    class Meta:
        verbose_name_plural = "service"

    def __str__(self) -> str:
        return self.name
