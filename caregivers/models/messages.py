"""Writing to the people of a group at once, each by a way they said is safe."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from ppg.sending import outbox
from programmes.models import Cohort


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> Self:
        """Written to cohorts whose team the user is in."""
        if not can(user, P.MESSAGE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def with_counts(self) -> Self:
        """Adds how many copies went, wait, went wrong and were left out. Django drops a model's own order where rows
        are counted: it is said here again, the newest first."""
        return self.annotate(
            went=Count("copies", filter=Q(copies__state="sent")),
            under_way=Count("copies", filter=Q(copies__state__in=["waiting", "sending"])),
            wrong=Count("copies", filter=Q(copies__state__in=["failed", "unknown"])),
            without=Count("copies", filter=Q(copies__state="left out")),
        ).order_by("-id")


class Message(models.Model):
    """What was written to the people of a cohort. Its subject is always neutral."""

    class About(models.TextChoices):
        PLAIN = "plain", _("A message")
        REGISTER = "register", _("The link to register")
        TIMES = "times", _("Which times suit you")
        # To one person, from their record.
        OFFER = "offer", _("The offer of a place")
        OWN_PAGE = "own page", _("The link to their own page")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="messages")
    about = models.CharField(max_length=8, choices=About.choices, default=About.PLAIN)
    text = EncryptedTextField(_("message"), max_length=1000, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.get_about_display()

    def get_absolute_url(self) -> str:
        return reverse("caregivers:message", args=[self.code])


class MessageCopyQuerySet(models.QuerySet["MessageCopy"]):
    def visible_to(self, user: User) -> Self:
        """Of messages to cohorts whose team the user is in."""
        if not can(user, P.MESSAGE):
            return self.none()
        return self.filter(message__cohort__in=Cohort.objects.visible_to(user))

    def turn(self, to: str, at: datetime, **fields: Any) -> int:
        """Those that `outbox.NEXT` allows go to the state; says how many. One statement: of two who try, one does."""
        return self.filter(state__in=outbox.before(to)).update(state=to, changed_at=at, **fields)


class MessageCopy(models.Model):
    """One person's copy: by which way, and what became of it; or why they were left out."""

    class Way(models.TextChoices):
        EMAIL = "email", _("E-mail")
        TEXT = "text", _("Text message")
        NONE = "", _("Left out")

    class State(models.TextChoices):
        LEFT_OUT = "left out", _("Left out")
        WAITING = "waiting", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")
        UNKNOWN = "unknown", _("Nobody knows whether it arrived")

    class Why(models.TextChoices):
        NOT_SAFE = "not safe", _("No safe way that we can write to")
        NO_ADDRESS = "no address", _("A safe way, and no address or number for it")
        LANDLINE = "landline", _("A number that cannot take a text")
        LEFT = "left", _("They left or declined")

    code = CodeField()
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="copies")
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="message_copies")
    way = models.CharField(max_length=5, choices=Way.choices, blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = MessageCopyQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["message", "caregiver"], name="one_copy_each"),
            models.CheckConstraint(
                condition=Q(state="left out", way="") | ~Q(state="left out") & ~Q(way=""), name="left_out_has_no_way"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
