"""The pack after a session: what goes to whom, by which way, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caregivers.models import HandoutsBy, Place
from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort, Resource
from sessions_app.models.session import Session


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.PACK_SEND):
            return self.none()
        return self.filter(session__cohort__in=Cohort.objects.visible_to(user))


class Pack(models.Model):
    """A session's handouts on their way. `contents` is what was in it, so that a later change rewrites nothing."""

    code = CodeField()
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="pack")
    contents = models.JSONField(default=list)  # [`sessions_app.packs.contents.content`, …]
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = PackQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Pack of {self.session}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> Self:
        if not can(user, P.PACK_SEND):
            return self.none()
        return self.filter(pack__session__cohort__in=Cohort.objects.visible_to(user))

    def turn(self, to: str, at: datetime, **fields: Any) -> int:
        """Those that `NEXT` allows go to the state; says how many. One statement: of two who try, one does it."""
        allowed = [state for state, following in NEXT.items() if to in following]
        return self.filter(state__in=allowed).update(state=to, state_at=at, **fields)


class Delivery(models.Model):
    """One caregiver's pack. An e-mail is marked SENDING before it leaves: if the worker dies then, its fate is
    unknown, is shown as unknown, and it is never sent again by itself."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # to be sent, or to be handed over
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")  # refused before it left: may be tried again
        UNKNOWN = "unknown", _("Not known whether it was sent")
        HANDED = "handed", _("Handed over")

    code = CodeField()
    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="deliveries")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=5, choices=HandoutsBy.choices)
    catch_up = models.BooleanField(default=False)  # they were absent: offered to catch up
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=200, blank=True)  # a sentence for staff, never an address
    state_at = models.DateTimeField()
    handed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "place"], name="one_delivery_each"),
            models.CheckConstraint(
                condition=~Q(state="handed") | Q(handed_by__isnull=False), name="handed_over_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


State = Delivery.State
NEXT: dict[str, set[str]] = {
    State.WAITING: {State.SENDING, State.HANDED, State.WAITING, State.FAILED},
    State.SENDING: {State.SENT, State.WAITING, State.FAILED, State.UNKNOWN},
    State.UNKNOWN: {State.WAITING, State.SENT, State.FAILED},  # sent again, or known after all
    State.FAILED: {State.WAITING},
    State.SENT: {State.WAITING},  # it came back: on paper then
    State.HANDED: {State.WAITING},  # the tick was a mistake
}


class Given(models.Model):
    """A thing (an alarm, a leaflet) that was put into somebody's hand. Deleting the row takes the tick back."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="given")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "resource"], name="given_once")]

    def __str__(self) -> str:
        return str(self.resource)
