"""A caregiver's place in a cohort."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import IntegrityError, models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver, KeptApart, PoliceCheck
from ppg.access.permissions import P, can
from ppg.encryption.crypto import EncryptedTextField
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort


class PlaceQuerySet(models.QuerySet["Place"]):
    def visible_to(self, user: User) -> Self:
        """Places in cohorts whose team the user is in."""
        if not can(user, P.PEOPLE_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def in_group(self) -> Self:
        """Everybody in the group now."""
        return self.filter(state=Place.State.TAKEN)

    def with_check(self) -> Self:
        """Adds `check_outcome` (the latest of the police check, or None) and `registered` (bool)."""
        latest = PoliceCheck.objects.filter(caregiver=OuterRef("caregiver")).order_by("-id").values("outcome")[:1]
        return self.annotate(check_outcome=Subquery(latest), registered=Q(caregiver__registered_at__isnull=False))

    def seated(self) -> Self:
        """Whoever has a seat: in the group, or offered (an offer that ran out is freed when places are next given)."""
        return self.filter(seat__isnull=False)

    def run_out(self, now: datetime) -> Self:
        """Offers that nobody answered in time."""
        return self.filter(state=Place.State.OFFERED, offered_until__lte=now)

    def waiting(self) -> Self:
        """The waiting list, first come first."""
        return self.filter(state=Place.State.WAITING).order_by("waiting_since", "id")


class Place(models.Model):
    """A caregiver's place in a cohort.

    A place that is offered or taken has a seat, numbered from 1 to the cohort's size, and no two have the same:
    the database itself cannot hold a ninth caregiver in a group of eight.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("In the group")
        LEFT = "left", _("Left")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="place_set")
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="places")
    state = models.CharField(max_length=8, choices=State.choices)
    seat = models.PositiveSmallIntegerField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    taken_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    why_first = EncryptedTextField(_("why before the others"), max_length=200, blank=True)  # the order was overridden

    check_outcome: str | None  # of rows from `with_check()`
    registered: bool

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["seat", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "caregiver"], name="one_place_in_a_cohort"),
            models.UniqueConstraint(fields=["cohort", "seat"], name="a_seat_is_taken_once"),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "taken"], seat__isnull=False)
                | Q(state__in=["waiting", "left"], seat=None),
                name="a_seat_while_offered_or_taken",
            ),
            models.CheckConstraint(condition=~Q(state="taken") | Q(taken_on__isnull=False), name="taken_when"),
            models.CheckConstraint(condition=~Q(state="left") | Q(left_on__isnull=False), name="left_when"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waiting_since__isnull=False), name="waiting_since_when"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caregiver} ({self.get_state_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Two people kept apart are never stored in one group, even by code that forgot to ask `places.rules`."""
        if self.seat is not None:
            apart = KeptApart.objects.of(self.caregiver).values_list("first_id", "second_id")
            people = {pk for pair in apart for pk in pair} - {self.caregiver_id}
            if people and Place.objects.seated().filter(cohort=self.cohort_id, caregiver__in=people).exists():
                raise IntegrityError("Two people who are kept apart cannot have a seat in the same group.")
        super().save(*args, **kwargs)

    def holds_a_seat(self, now: datetime) -> bool:
        """Taken, or offered and the offer has not run out."""
        return self.state == self.State.TAKEN or (self.state == self.State.OFFERED and not self.ran_out(now))

    def back_to_waiting(self, since: datetime | None) -> None:
        """An offer is withdrawn or ran out. The caller holds the cohort."""
        self.state, self.seat, self.offered_until, self.waiting_since = Place.State.WAITING, None, None, since
        self.save()

    def ran_out(self, now: datetime) -> bool:
        """An offer nobody answered in time. It is put back on the waiting list when places are next given."""
        return self.state == self.State.OFFERED and self.offered_until is not None and self.offered_until <= now


NEXT: dict[str, set[str]] = {
    Place.State.OFFERED: {Place.State.TAKEN, Place.State.WAITING, Place.State.LEFT},
    Place.State.WAITING: {Place.State.OFFERED, Place.State.TAKEN, Place.State.LEFT},
    Place.State.TAKEN: {Place.State.LEFT},
    Place.State.LEFT: {Place.State.OFFERED, Place.State.WAITING, Place.State.TAKEN},
}
