"""People who sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import Role
from ppg.links.codes import CodeField, new_code


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        """Who may sign in."""
        return self.filter(is_active=True)

    def invited(self) -> UserQuerySet:
        """Whose invitation waits for them."""
        return self.active().filter(joined_at=None)

    def joined(self) -> UserQuerySet:
        """Who has an account that opens."""
        return self.active().exclude(joined_at=None)

    def administrators(self) -> UserQuerySet:
        return self.joined().filter(role=Role.ADMINISTRATOR)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email__iexact=email)


class WorkMail(models.TextChoices):
    """When somebody hears by e-mail that work waits for them."""

    OFF = "off", _("Off")
    DAILY = "daily", _("Once a day")
    AT_ONCE = "at_once", _("At once")


class User(AbstractBaseUser):
    """A member of staff, or a parent with lived experience who co-leads. Caregivers never sign in."""

    code = CodeField()
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, default=timezone.now)  # None: invited
    work_mail = models.CharField(
        _("e-mails about your work"),
        max_length=7,
        choices=WorkMail.choices,
        default=WorkMail.DAILY,
        db_default=WorkMail.DAILY,
    )
    # Part of what each of their sessions is checked against: a new one ends them all with the next request.
    session_code = models.CharField(max_length=22, default=new_code, editable=False)

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

    @property
    def is_invited(self) -> bool:
        return self.is_active and self.joined_at is None

    @property
    def can_sign_in(self) -> bool:
        """Who is invited cannot yet."""
        return self.is_active and self.joined_at is not None

    def end_sessions(self) -> None:
        """Wherever they are signed in, their next request finds nobody. Saves only this."""
        self.session_code = new_code()
        self.save(update_fields=["session_code"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}{self.session_code}"
        return salted_hmac("ppg.models.User.session", value, secret=secret, algorithm="sha256").hexdigest()
