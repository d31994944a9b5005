"""When a group's details go: what was warned of, and what is kept longer."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import P, can
from ppg.links.codes import CodeField
from ppg.models import User
from programmes.models import Cohort


class RetentionWarning(models.Model):
    """Those who look after retention have been warned: the details of these people in this group go on that day.

    One row a group, and it counts for nothing but what it says: another day, or somebody more, is warned of again. A
    restore deletes them all.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="retention_warning")
    over_on = models.DateField()
    people = models.JSONField(default=list)  # caregivers, by key
    warned_on = models.DateField()
    looked_on = models.DateField()  # when a worker last found it to be right

    def __str__(self) -> str:
        return f"{self.over_on}"


class RetentionHoldQuerySet(models.QuerySet["RetentionHold"]):
    def visible_to(self, user: User) -> Self:
        return self if can(user, P.RETENTION) else self.none()

    def standing(self) -> Self:
        """Those that nobody has ended; their day may be past."""
        return self.filter(ended_at=None)


class RetentionHold(models.Model):
    """A group's details are kept longer, and why. The row stays for ever: it is the reason that the notice promises."""

    code = CodeField()
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="retention_holds")
    until = models.DateField(_("until when"))
    why = models.CharField(_("why"), max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = RetentionHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("keeping a group’s details longer")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(ended_at=None), name="one_hold_a_group"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="hold_ended_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.until}"
