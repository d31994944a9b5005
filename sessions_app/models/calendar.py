"""Calendar feeds: a person's own secret address, revocable."""

from __future__ import annotations

from django.db import models

from ppg.links.codes import SecretLink, SecretLinkQuerySet
from ppg.models import User


class CalendarFeed(SecretLink):
    """The sessions of a person's teams, for their calendar. Titles are neutral: others may see that screen."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SecretLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return "calendar feed"
