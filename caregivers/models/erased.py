"""The ledger of people who were erased: replayed after every restore, so that no backup brings anybody back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erased(models.Model):
    """Who (by code alone), when and why. The same lines stand in a file beside the database: `ppg.backups.ledger`."""

    class Why(models.TextChoices):
        ASKED = "asked", _("They asked for it")  # their answers go too
        TIME = "time", _("The time was over")  # the figures stay, with nobody behind them

    code = models.CharField(max_length=22, unique=True)
    at = models.DateTimeField()
    why = models.CharField(max_length=5, choices=Why.choices, default=Why.ASKED)

    def __str__(self) -> str:
        return self.code
