"""Background work: what the library leaves to us.

A job is a `django_tasks` task that is safe to repeat and is enqueued on commit. A worker that was killed leaves
its job marked as running for ever; `requeue_lost` gives it to another worker, a few times at most.

A job that fails keeps its traceback in its row, and the text of an exception holds addresses: `keep_no_words` leaves
what a line in the log would say.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ppg.hooks import Hook
from ppg.logs import in_words

# Each is also done by a sweep: where one failed nothing is lost.
untold: Hook[str] = Hook("Jobs of which nobody is told that one failed: that there was one, few may know.")

LOST_AFTER = timedelta(minutes=10)
MOST_TRIES = 3


class WorkerDied(Exception):
    """Each worker that had this job died meanwhile."""


def enqueue_on_commit(job: Task, *args: Any) -> None:
    """The job starts only if the transaction it belongs to was kept."""
    transaction.on_commit(lambda: job.enqueue(*args))


def requeue_lost(now: datetime) -> int:
    """Gives jobs of dead workers back to the queue; returns how many. After a few tries a job stays failed."""
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LOST_AFTER)
    again = 0
    for job in lost:
        with transaction.atomic():
            as_seen = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at)
            if not (mine := as_seen.select_for_update().first()):
                continue  # it ended, or another worker has begun it since
            if len(mine.worker_ids) >= MOST_TRIES:
                mine.set_failed(WorkerDied())
            else:
                again += as_seen.update(status=TaskResultStatus.READY, started_at=None)
    return again


def rename(moved: Mapping[str, str]) -> int:
    """Jobs whose function lies elsewhere now (old path → new) are known by where it is; returns how many were not."""
    return DBTaskResult.objects.filter(task_path__in=moved).update(
        task_path=Case(*(When(task_path=old, then=Value(new)) for old, new in moved.items()))
    )


@receiver(pre_save, sender=DBTaskResult)
def keep_no_words(instance: DBTaskResult, **kwargs: Any) -> None:
    """The library saves a failed job while the exception is being handled."""
    if instance.traceback:
        instance.traceback = in_words(sys.exception())


Sweep = Callable[[datetime], object]


def forget(codes: Collection[str], words: Collection[str] = ()) -> None:
    """Jobs about these things are deleted, done or not: a failed one keeps the words of its error, and those may
    hold an address. One that is running finds nothing to do. Errors of other jobs lose theirs if `words` are in it."""
    for word in filter(None, words):
        DBTaskResult.objects.filter(traceback__contains=word).update(traceback="")
    if codes:
        named = reduce(or_, (Q(payload__contains=code) for code in codes))
        DBTaskResult.objects.annotate(payload=Cast("args_kwargs", TextField())).filter(named).delete()
