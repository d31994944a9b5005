"""Planning and preparing: what was changed and why, speakers, what is packed already."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models.session import Session, SessionItem


class Adaptation(models.Model):
    """One change to a session's plan, kept for ever: adapting is not failing, and it is what we learn from."""

    class Kind(models.TextChoices):
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        ADDED = "added", _("Session added")
        AGENDA = "agenda", _("Agenda adapted")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="adaptations")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    why = models.CharField(_("why"), max_length=500)
    by_group = models.BooleanField(_("the group asked for it"), default=False)
    before = models.JSONField(default=dict)  # the fields that changed, as they were: {"minutes": 10, …}
    after = models.JSONField(default=dict)  # and as they are now
    item = models.ForeignKey(SessionItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="adaptations")
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_kind_display()


class SpeakerQuerySet(models.QuerySet["Speaker"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.SESSION_PLAN):
            return self.none()
        return self.filter(item__session__cohort__in=Cohort.objects.visible_to(user))


class Speaker(models.Model):
    """Somebody from a service who is asked to speak in an item."""

    code = CodeField()
    item = models.ForeignKey(SessionItem, on_delete=models.CASCADE, related_name="guests")
    service = models.CharField(_("service"), max_length=80)
    organisation = models.CharField(_("organisation"), max_length=120, blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    contact = EncryptedTextField(_("how to reach them"), max_length=200, blank=True)
    asked_on = models.DateField(_("asked"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on=None) | Q(asked_on__isnull=False), name="confirmed_after_being_asked"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.service


class Prepared(models.Model):
    """A thing on the prepare page that is ticked: packed, printed, tried out. Deleting the row unticks it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="prepared")
    what = models.CharField(max_length=64)  # stable name of the thing, made from its text
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "what"], name="prepared_once")]

    def __str__(self) -> str:
        return self.what
