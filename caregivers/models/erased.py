"""The ledger of people who were erased: replayed after every restore, so that no backup brings anybody back."""

from __future__ import annotations

from django.db import models


class Erased(models.Model):
    """Who (by code alone) and when. The same lines stand in a file beside the database; see docs/decisions."""

    code = models.CharField(max_length=22, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code
