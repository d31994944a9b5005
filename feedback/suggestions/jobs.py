"""What the worker does every morning: the boxes are emptied."""

from __future__ import annotations

import logging
from datetime import datetime, time

from django.utils import timezone

from feedback.models import SuggestionBox
from feedback.suggestions.actions import empty

log = logging.getLogger("ppg.feedback")
EMPTIED_AT = time(6)  # local; nobody is in a session, and whoever reads what came cannot say when it came


def empty_due_boxes(now: datetime) -> int:
    """Each morning, every box; returns how many suggestions came out."""
    local = timezone.localtime(now)
    if local.time() < EMPTIED_AT:
        return 0
    number = 0
    for box in SuggestionBox.objects.to_empty(local.date()).order_by("pk"):
        try:
            number += empty(box=box, at=now)
        except Exception as error:  # one group's fault must not keep the others' boxes shut
            log.error("A suggestion box could not be emptied: %s", type(error))
    return number
