"""Checks of the audit trail: its chain, and on PostgreSQL who could change it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ppg.audit_trail import chain, database_grants
from ppg.health.findings import Finding, fault, good, warning


def trail_is_whole(now: datetime) -> Finding:
    faults = chain.check(now)
    if faults:
        remedy = _("manage.py check_trail says all of it. Find out who could write to the database before you go on.")
        return fault(" ".join(faults), remedy)
    return good(_("No entry was changed, taken away or put in."))


def trail_is_guarded(now: datetime) -> Finding:
    """Whether this process, which has the rights of web and worker, could change what they wrote."""
    if database_grants.may_be_changed():
        return warning(
            _("The role that DATABASE_URL names could change or delete entries: only the chain would show it."),
            _(
                "Let another role own the tables and give this one its rights with manage.py grant_web;"
                " deploy/install does so by itself, or with --owner URL. See docs/running.md, “The audit trail”."
            ),
        )
    return good(_("The role that DATABASE_URL names adds to it, and can neither change nor delete."))
