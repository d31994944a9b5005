"""Things that went wrong."""

from __future__ import annotations

from datetime import datetime

from django_tasks_db.models import DBTaskResult


def failed_job(at: datetime, code: str = "code", path: str = "sessions_app.packs.jobs.send_delivery") -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path=path,
        args_kwargs={"args": [code], "kwargs": {}},
        backend_name="default",
        status="FAILED",
        finished_at=at,
        exception_class_path="smtplib.SMTPException",
    )
