"""The check of the audit trail's chain."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ppg import audit_chain
from ppg.health.findings import Finding, fault, good


def trail_is_whole(now: datetime) -> Finding:
    faults = audit_chain.check(now)
    if faults:
        remedy = _("manage.py check_trail says all of it. Find out who could write to the database before you go on.")
        return fault(" ".join(faults), remedy)
    return good(_("No entry was changed, taken away or put in."))
