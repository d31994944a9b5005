"""The reminder that somebody's details are due to go: nothing goes by itself, and nobody looks at a page by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from ppg.access.permissions import P, can
from ppg.accounts.mail import Kind, post
from ppg.models import User
from sessions_app.retention import queries


@transaction.atomic
def remind(now: datetime) -> int:
    """One e-mail to everybody who can remove them, while something is due; how many. Once a week, by the worker."""
    if not queries.due(timezone.localdate(now)):
        return 0
    readers = [user for user in User.objects.joined() if can(user, P.RETENTION)]
    for user in readers:
        post(Kind.RETENTION_DUE, user, at=now)
    return len(readers)
