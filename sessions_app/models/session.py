"""The meetings of a cohort and their agenda."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Place, PlaceQuerySet
from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Agenda, AgendaItem, Cohort, Guide, Planned, Resource


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: User) -> Self:
        """Sessions of cohorts whose team the user is in."""
        if not can(user, P.SESSION_SEE):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))

    def taking_place(self) -> Self:
        """All but the cancelled ones."""
        return self.filter(cancelled_at=None)

    def upcoming(self, now: datetime) -> Self:
        """Not over yet, the next one first. A session counts as over two hours after its start."""
        return self.taking_place().filter(starts_at__gte=now - timedelta(hours=2)).order_by("starts_at")

    def after(self, at: datetime) -> Self:
        """Those that begin later, the next one first."""
        return self.taking_place().filter(starts_at__gt=at).order_by("starts_at")

    def begun(self, now: datetime) -> Self:
        """Those whose time has come, the first one first."""
        return self.taking_place().filter(starts_at__lte=now).order_by("starts_at")

    def with_plan(self) -> Self:
        """With all that a page of the session shows: items, what they use, who speaks, handouts; five queries however
        long."""
        return self.select_related("cohort__programme").prefetch_related(
            "items__guests",
            Prefetch("items__uses_in_order", SessionItemResource.objects.select_related("resource")),
            Prefetch("handouts_in_order", SessionHandout.objects.select_related("resource")),
        )


class Session(Planned, models.Model):
    """One meeting of a cohort. It owns a copy of its guide's items."""

    class State(models.TextChoices):
        """What its dates and the steps of running it come to: `sessions_app.running.states.state_of`."""

        PLANNED = "planned", gettext_lazy("Planned")
        RUNNING = "running", gettext_lazy("Running")
        ENDED = "ended", gettext_lazy("Ended")
        CLOSED = "closed", gettext_lazy("Closed")
        CANCELLED = "cancelled", gettext_lazy("Cancelled")

    class Display(models.TextChoices):
        """What the room's display shows while the session runs. It is another device, so the session says it."""

        COUNTDOWN = "countdown", gettext_lazy("The countdown")
        PLAIN = "plain", gettext_lazy("No countdown")
        FEEDBACK = "feedback", gettext_lazy("The feedback code")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="sessions")
    guide = models.ForeignKey(Guide, null=True, on_delete=models.SET_NULL, related_name="+")
    number = models.PositiveSmallIntegerField(gettext_lazy("number"))
    title = models.CharField(gettext_lazy("title"), max_length=120)
    starts_at = models.DateTimeField(gettext_lazy("starts"))
    minutes = models.PositiveSmallIntegerField(gettext_lazy("minutes"))
    aims = models.JSONField(default=list)
    materials = models.JSONField(default=list)
    handouts = models.ManyToManyField(Resource, through="SessionHandout", related_name="+")
    extra = models.BooleanField(default=False)  # added by hand: a catch-up, a visit; not one of the programme's own
    cancelled_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recap_points = models.JSONField(default=list)  # [text, …]: what to come back to at the next session
    room_display = models.CharField(
        max_length=9, choices=Display.choices, default=Display.COUNTDOWN, db_default=Display.COUNTDOWN
    )

    # What the register reads of a place: the names people are called by and nothing else about them.
    NAMED = [
        *("code", "cohort", "state", "taken_on", "left_on"),
        *("caregiver__code", "caregiver__name", "caregiver__liked_name"),
    ]

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["cohort", "number"]
        indexes = [models.Index(fields=["starts_at"], name="session_by_its_day")]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="one_session_per_number")]

    def __str__(self) -> str:
        return self.title if self.extra else f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("sessions:session", args=[self.code])

    @property
    def which(self) -> str:
        """ "Session 3"; one that was added by hand has no number that people know."""
        return _("Extra session") if self.extra else _("Session %(number)s") % {"number": self.number}

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def length(self) -> int:
        return self.minutes

    def planned_items(self) -> list[Any]:
        return [item for item in self.items.all() if not item.left_out]

    def taken_home(self) -> list[Resource]:
        """Its handouts, in their order."""
        return [handout.resource for handout in self.handouts_in_order.select_related("resource")]

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)

    def lock(self) -> None:
        """One press of a session after the other: two devices that tick, or run it, at once see each other's. It may
        have been moved, cancelled or closed since it was read."""
        row = Session.objects.select_for_update(no_key=True).values_list("starts_at", "cancelled_at", "closed_at")
        self.starts_at, self.cancelled_at, self.closed_at = row.get(pk=self.pk)

    def on_register(self) -> PlaceQuerySet:
        """Who is on this session's register: everybody in the group, and who left it after this session or,
        with a tick to their name, on its day."""
        ticked = models.Exists(self.marks.filter(place=models.OuterRef("pk")))
        there = Q(state=Place.State.TAKEN) | Q(state=Place.State.LEFT, left_on__gt=self.day)
        return (
            Place.objects.filter(there | Q(ticked, state=Place.State.LEFT, left_on=self.day), cohort=self.cohort_id)
            .select_related("caregiver")
            .only(*self.NAMED)
        )


# What leads from each state to which; docs/pictures.md shows it, tests/sessions_app/running/test_states.py does it.
STEPS: Mapping[str, Mapping[str, set[Session.State]]] = {
    Session.State.PLANNED: {
        "start": {Session.State.RUNNING},
        "cancel": {Session.State.CANCELLED},
        "close": {Session.State.CLOSED},
    },
    Session.State.RUNNING: {
        "end": {Session.State.ENDED},
        "undo": {Session.State.PLANNED},
        "close": {Session.State.CLOSED},
    },
    Session.State.ENDED: {"undo": {Session.State.RUNNING}, "close": {Session.State.CLOSED}},
    Session.State.CLOSED: {},
    Session.State.CANCELLED: {"put back": {Session.State.PLANNED}},
}


class SessionHandout(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="handouts_in_order")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.resource)


class SessionItem(Agenda):
    """A timed part of a session, copied from a guide's item when the cohort was set up."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    source = models.ForeignKey(AgendaItem, null=True, on_delete=models.SET_NULL, related_name="+")
    code = CodeField()
    left_out = models.BooleanField(default=False)  # planned to be skipped; it stays in sight
    uses = models.ManyToManyField(Resource, through="SessionItemResource", related_name="+")

    class Meta(Agenda.Meta):
        constraints = [models.UniqueConstraint(fields=["session", "position"], name="one_session_item_per_position")]

    def speakers_told(self) -> list[str]:
        """Who speaks, as everybody may know it who sees the agenda: the service, and the name once there is one."""
        return [f"{guest.service} ({guest.name})" if guest.name else guest.service for guest in self.guests.all()]


class SessionItemResource(models.Model):
    item = models.ForeignKey(SessionItem, on_delete=models.CASCADE, related_name="uses_in_order")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.resource)
