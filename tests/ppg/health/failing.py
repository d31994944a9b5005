"""Things that went wrong."""

from __future__ import annotations

from datetime import datetime

from django_tasks_db.models import DBTaskResult


def failed_job(at: datetime, code: str = "code") -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path="sessions_app.jobs.send_delivery",
        args_kwargs={"args": [code], "kwargs": {}},
        backend_name="default",
        status="FAILED",
        finished_at=at,
        exception_class_path="smtplib.SMTPException",
    )
