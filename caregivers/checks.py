"""What a council has still to do before the first person is referred: for technicians, and for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import ConsentWording
from ppg import health
from ppg.health import steps


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
            hint="Sign in as an administrator and open Texts.",
            id="caregivers.W001",
        )
        for kind, number in unfinished
    ]


def texts_step() -> steps.Step:
    left = len(ConsentWording.objects.unfinished())
    return steps.Step(
        _("Fill in the texts of your council"),
        not left,
        _in_words(left),
        reverse("caregivers:wordings"),
    )


def texts_are_whole(now: datetime) -> health.Finding:
    if left := len(ConsentWording.objects.unfinished()):
        return health.warning(_in_words(left), _("Open Texts, and fill in what stands in square brackets."))
    return health.good(_("Every text of the council is filled in."))


def _in_words(left: int) -> str:
    return ngettext(
        "%(n)s text has blanks that only your council can fill in.",
        "%(n)s texts have blanks that only your council can fill in.",
        left,
    ) % {"n": left}


TEXTS = health.Check("texts", gettext_lazy("Texts of the council"), texts_are_whole, live=True, step=True)
