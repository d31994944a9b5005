"""Which times suit the people of a group that has no time yet."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from caregivers.models.people import Caregiver, How
from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from ppg.time_of_day import clock
from programmes.models import Cohort


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, user: User) -> Self:
        """Of cohorts whose team the user is in."""
        if not can(user, P.TIMES):
            return self.none()
        return self.filter(cohort__in=Cohort.objects.visible_to(user))


class Slot(models.Model):
    """A weekday and a time that is proposed to a cohort's people."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday.choices)
    starts = models.TimeField(_("from"))
    chosen_at = models.DateTimeField(null=True, blank=True)  # the cohort's time was set to it
    chosen_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [models.UniqueConstraint(fields=["cohort", "weekday", "starts"], name="one_slot_per_time")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {clock(self.starts)}"


class SlotAnswer(models.Model):
    """Whether one person can come at one of the times. The latest answer stands."""

    class Can(models.TextChoices):
        YES = "yes", _("Yes")
        MAYBE = "maybe", _("If need be")
        NO = "no", _("No")

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="answers")
    caregiver = models.ForeignKey(Caregiver, on_delete=models.CASCADE, related_name="slot_answers")
    can = models.CharField(max_length=5, choices=Can.choices)
    how = models.CharField(max_length=6, choices=How.choices)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # None: themselves

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "caregiver"], name="one_answer_per_time")]

    def __str__(self) -> str:
        return self.get_can_display()
