"""What goes by the clock when a group's time is over, and the warning 14 days before."""

from __future__ import annotations

import logging
from datetime import datetime

from django.utils import timezone
from django.utils.translation import ngettext

from ppg.access.refusals import Refused
from sessions_app.retention import actions, queries

log = logging.getLogger(__name__)


def warn(now: datetime) -> int:
    return actions.warn(at=now)


def remove(now: datetime) -> int:
    """Each group in a transaction of its own; says how many people's details went. One that fails holds up no other:
    Health says so, and the next try takes it again."""
    today, people, failed = timezone.localdate(now), 0, 0
    for group in [group for group in queries.due(today) if group.goes_now(today)]:
        try:
            people += actions.remove_warned(group=group, at=now)
        except Exception as why:
            failed += 1
            log.error("The details of a group whose time is over were not deleted: %s", why)
    if failed:
        some = ngettext(
            "the details of %(n)s group could not be deleted",
            "the details of %(n)s groups could not be deleted",
            failed,
        )
        raise Refused(some % {"n": failed})
    return people
