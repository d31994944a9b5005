"""How often somebody did something, for a while."""

from __future__ import annotations

from django.db import models


class Limit(models.Model):
    """A count under a keyed hash of who and what and when; `ppg.limits` alone reads and writes it.

    Times are whole seconds since 1970, so that one statement does the counting on every database.
    """

    key = models.CharField(max_length=43, primary_key=True)
    count = models.PositiveIntegerField()
    free_at = models.PositiveBigIntegerField(default=0)  # before that nothing more is counted, and the try is refused
    until = models.PositiveBigIntegerField(db_index=True)  # the window's end: then the row may go

    def __str__(self) -> str:
        return str(self.count)
