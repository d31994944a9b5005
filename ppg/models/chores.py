"""What is due by the clock, and was done once, whichever machine did it."""

from __future__ import annotations

from typing import Self

from django.db import models


class ChoreQuerySet(models.QuerySet["Chore"]):
    def done(self) -> Self:
        return self.filter(ended_at__isnull=False, failed="")

    def failing(self) -> Self:
        """Those whose last try failed. The next period's is a row of its own: look at the latest of each name."""
        return self.filter(ended_at__isnull=False).exclude(failed="")


class Chore(models.Model):
    """One piece of work for one period. Whoever inserts the row takes it; `ppg.background.chores` alone writes it."""

    name = models.CharField(max_length=40)
    period = models.CharField(max_length=80, blank=True)  # "2026-03-29", a London day; blank: it has no end
    machine = models.CharField(max_length=120)  # that took it last
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=200, blank=True)  # why, without anybody's details
    tries = models.PositiveIntegerField(default=1)

    objects = ChoreQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="one_chore_a_period")]

    def __str__(self) -> str:
        return f"{self.name} {self.period}".strip()
