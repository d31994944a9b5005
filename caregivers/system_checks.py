"""What a council has still to do before the first person is referred."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from caregivers.models import ConsentWording


@register(Tags.database)
def texts_are_filled_in(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """In production, with the database at hand: `check --database default`, and at the end of each `migrate`."""
    if not settings.PRODUCTION or not databases:
        return []
    try:
        unfinished = [(row.kind, len(row.blanks)) for row in ConsentWording.objects.unfinished()]
    except DatabaseError:  # no tables yet
        return []
    return [
        Warning(
            f'The text "{kind}" has {number} blanks that only the council can fill in.',
            hint="Sign in as an administrator and open Privacy notice and consents. Until then whoever opens the text "
            "reads that it is still being written.",
            id="caregivers.W001",
        )
        for kind, number in unfinished
    ]
