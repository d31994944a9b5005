"""What everything that leaves the house has in common, e-mail or text, whichever app it belongs to.

A row stands for one message to one person. It is marked as being sent, and that is committed, before the other side
hears of it: whoever dies in between leaves a message whose fate is unknown, which nobody sends again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ppg.models.outgoing import FAILED, LOST_AFTER, NEXT, SENDING, SENT, UNKNOWN, WAITING, before
from ppg.sending.mail import FateUnknown, NotSent

__all__ = ["FAILED", "LOST_AFTER", "NEXT", "SENDING", "SENT", "UNKNOWN", "WAITING", "attempt", "before", "on_the_queue"]

MOST_TRIES = 3  # by themselves; a person may press again
PAUSE = timedelta(minutes=1)  # before the next try, and before a job is taken for lost


def attempt(send: Callable[[], None], tries: int) -> str:
    """Tries once and says what became of it. `tries` counts this one."""
    try:
        send()
    except NotSent as error:
        return WAITING if error.later and tries < MOST_TRIES else FAILED
    except FateUnknown:
        return UNKNOWN
    return SENT


def on_the_queue(job: Task[..., Any]) -> set[str]:
    """The first arguments, rows' codes, of its jobs that wait or run."""
    open_jobs = DBTaskResult.objects.filter(
        task_path=job.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    return {one["args"][0] for one in open_jobs.values_list("args_kwargs", flat=True)}
