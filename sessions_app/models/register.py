"""The register: ticks, one row each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Place
from ppg.models import User
from sessions_app.models.session import Session


class MarkState(models.TextChoices):
    """What the register says of somebody. No word of blame."""

    PRESENT = "present", _("Here")
    LATE = "late", _("Came late")
    LEFT_EARLY = "left_early", _("Left early")
    APOLOGIES = "apologies", _("Sent apologies")
    NOT_HERE = "not_here", _("Not here")
    OPEN = "open", _("Not ticked")  # the tick was undone


ATTENDED = (MarkState.PRESENT, MarkState.LATE, MarkState.LEFT_EARLY)
ABSENT = (MarkState.APOLOGIES, MarkState.NOT_HERE)
# What only the day itself can tell. Apologies come in weeks before.
ON_THE_DAY = (*ATTENDED, MarkState.NOT_HERE)


class RegisterMarkQuerySet(models.QuerySet["RegisterMark"]):
    def latest(self) -> Self:  # type: ignore[override]
        """The mark that counts for each person in each session: the last one made."""
        newer = RegisterMark.objects.filter(
            session=models.OuterRef("session"), place=models.OuterRef("place")
        ).order_by("-made_at", "-id")
        return self.filter(id=models.Subquery(newer.values("id")[:1]))

    def attended(self) -> Self:
        """Latest marks of those who were there, for all or part of it."""
        return self.latest().filter(state__in=ATTENDED)

    def absent(self) -> Self:
        """Latest marks of those who were away. Who is not ticked may have been there."""
        return self.latest().filter(state__in=ABSENT)

    def apologies(self) -> Self:
        """Latest marks of those who said that they cannot come."""
        return self.latest().filter(state=MarkState.APOLOGIES)

    def on_the_day(self) -> Self:
        """Latest marks of those who were there or were missed: where there is one, the register was taken. Apologies
        alone are no register."""
        return self.latest().filter(state__in=ON_THE_DAY)

    def attendance(self) -> dict[int, int]:
        """How many were there, by the session's id; only sessions whose register was taken."""
        taken = self.on_the_day().order_by().values_list("session")
        return dict(taken.annotate(there=models.Count("id", filter=Q(state__in=ATTENDED))))


class RegisterMark(models.Model):
    """One tick. Rows are only ever added; corrections keep their history.

    `key` is made by the browser with the tick, so that a tick sent again is the same tick.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="marks")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="marks")
    state = models.CharField(max_length=10, choices=MarkState.choices)
    key = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = RegisterMarkQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        indexes = [models.Index(fields=["session", "place", "-made_at", "-id"], name="mark_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MarkState.values), name="a_mark_says_something_known")
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def code(self) -> str:
        """What the audit trail calls it by: its session."""
        return self.session.code


# --- Whether a session took place --------------------------------------------------------------------------
# docs/decisions/took-place.md says who asks which of these, and why nobody asks whether there is a tick.


def register_taken() -> Exists:
    """For a query of sessions: somebody is marked as here, late, gone early or not here."""
    return Exists(RegisterMark.objects.filter(session=OuterRef("pk")).on_the_day())


def took_place(now: datetime) -> Q:
    """For a query of sessions: their day is over or their register was taken, and they were not cancelled."""
    return Q(cancelled_at=None) & (Q(starts_at__lt=start_of(timezone.localdate(now))) | Q(register_taken()))


def how_many_sent_apologies(sessions: Iterable[Session]) -> int:
    """Of the people, for whichever of the sessions."""
    marks = RegisterMark.objects.filter(session__in=[one.pk for one in sessions])
    return marks.apologies().values("place").distinct().count()


def with_register(marks: Iterable[tuple[int, int, str]]) -> set[int]:
    """The same of marks that were read already, as session, place and state: the sessions whose register was taken."""
    return {session for session, _place, state in marks if state in ON_THE_DAY}


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
