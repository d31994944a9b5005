"""What the worker does when a form's time has come. How long forms are open: `actions.py`; rounds of measures:
`evaluation/rounds/plans.py`."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from feedback.asking.actions import close_form
from feedback.models import Form, PaperPile

log = logging.getLogger("ppg.feedback")
PILES_WAIT = timedelta(days=1)  # so long a form that is due waits for paper sheets that are being typed in


def close_due_forms(now: datetime) -> int:
    """Closes the forms whose time has come; returns how many. Measures are closed by `evaluation`.

    While paper sheets are being typed in a form waits, a day at most: it takes nothing else meanwhile.
    """
    closed = 0
    being_typed = Q(Exists(PaperPile.objects.filter(form=OuterRef("pk"))), closes_at__gt=now - PILES_WAIT)
    for form in Form.objects.due(now).anonymous().exclude(being_typed).order_by("closes_at", "id"):
        try:
            close_form(form=form, by=None, at=now)
            closed += 1
        except Exception as error:  # one group's fault must not keep the others' forms open
            log.error("A form that was due could not be closed: %s", type(error))
    return closed
