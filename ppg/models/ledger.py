"""The ledger of who was erased and who withdrew what, as the database keeps it, and the machines that keep a copy."""

from __future__ import annotations

from django.db import models


class LedgerLine(models.Model):
    """One line of `ppg.backups.ledger`. In no backup, and left alone by every restore."""

    code = models.CharField(max_length=22)
    at = models.DateTimeField()
    why = models.CharField(max_length=40)

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["code", "at", "why"], name="one_line_of_the_ledger")]


class LedgerFile(models.Model):
    """The file of one machine, or one that several share. In every backup: a restore asks for those it cannot see."""

    mark = models.CharField(max_length=22, unique=True)  # stands in the file
    machine = models.CharField(max_length=120)  # that saw it last
    path = models.CharField(max_length=300)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["machine"]

    def __str__(self) -> str:
        return f"{self.machine} ({self.path})"
