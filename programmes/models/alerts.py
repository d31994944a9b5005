"""Who is to hear at once that something came in."""

from __future__ import annotations

from django.db import models

from ppg.models import User
from programmes.models.cohorts import Cohort


class Alert(models.Model):
    """Something came in that somebody owes a step for, and they have not been told yet. It does not say what it is:
    group and permission are there so that who has left the team since, or may not do the step, hears nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="+")
    needs = models.CharField(max_length=30)  # the name of a permission

    class Meta:
        ordering = ["id"]
        verbose_name = "alert"

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
