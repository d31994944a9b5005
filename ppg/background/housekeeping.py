"""What is cleared away at night: nothing of it is looked at any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db.models import Max
from django_tasks_db.models import DBTaskResult

from ppg.encryption import rotation
from ppg.models import Chore, Effect

JOBS_KEPT = timedelta(days=14)
PRESSES_KEPT = timedelta(days=30)  # a form that was open for so long and is sent again does its work again
CHORES_KEPT = timedelta(days=90)


def sessions_that_ended(now: datetime) -> None:
    """Django's `clearsessions`."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def what_ended_in_the_cache(now: datetime) -> None:
    rotation.forget_what_ended()


def finished_jobs(now: datetime) -> int:
    """Failed ones too: whoever had to do something about one was told where it belongs."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=now - JOBS_KEPT).delete()[0]


def old_presses(now: datetime) -> int:
    """Keys that forms carried, so that one press has one effect."""
    return Effect.objects.filter(on__lt=(now - PRESSES_KEPT).date()).delete()[0]


def old_chores(now: datetime) -> int:
    """But the last one of each name."""
    latest = Chore.objects.order_by().values("name").annotate(last=Max("began_at"))
    old = Chore.objects.filter(began_at__lt=now - CHORES_KEPT).exclude(began_at__in=latest.values("last"))
    return old.delete()[0]
