"""An administrator changes the service's details."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from ppg.audit_trail import audit
from ppg.models import Service, User
from ppg.service_details import service


@transaction.atomic
def change(*, by: User, **details: Any) -> Service:
    """Other pages of this process show it at once, other processes within a minute."""
    row = Service.objects.select_for_update().first() or Service()
    changed = [name for name in service.DETAILS if name in details and getattr(row, name) != details[name]]
    for name in changed:
        setattr(row, name, details[name])
    if changed:
        row.save()
        audit.record(by, audit.Verb.CHANGED, row, fields=changed)
        transaction.on_commit(service.forget)
    return row
