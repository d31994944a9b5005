"""A mail server that says what a test tells it to, a queue that keeps its jobs, and a clock that stands still."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from ppg.accounts.mail.jobs import send_account_mail
from ppg.models import User
from tests.sessions_app.smtp import mail_server

PASSWORD = "a long sentence to type"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def user(lead: User) -> User:
    """Lena, who has a password."""
    lead.set_password(PASSWORD)
    lead.save()
    return lead


@pytest.fixture
def queue(settings: Any) -> None:
    """Jobs wait in the database for a worker, as in real life."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def work(settings: Any) -> Callable[..., list[tuple[str, str, str]]]:
    """`work(mail, RCPT=b"550 no\r\n")`: its job, with a mail server that answers so; what the server took."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"

    def do(mail: Any, **script: bytes | None) -> list[tuple[str, str, str]]:
        settings.EMAIL_TIMEOUT = 0.5 if None in script.values() else 10  # nobody waits long for what never comes
        with mail_server(script=script) as server:
            settings.EMAIL_PORT = server.port
            send_account_mail.func(mail.code)
        return server.taken

    return do


def jobs() -> list[list[str]]:
    """What the jobs on the queue were given, in the order they came."""
    rows = DBTaskResult.objects.filter(task_path=send_account_mail.module_path).order_by("enqueued_at")
    return [job.args_kwargs["args"] for job in rows]


def everything_stored() -> str:
    """Every column of every row of every table but the people themselves and their sessions, as it lies there."""
    apart = {"ppg_user", "account_emailaddress", "django_session"}
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in apart:
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                texts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(texts)


class Clock:
    """`clock.forward(30)`: the next code."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def forward(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What `time.time()` says. Dates and times of rows are the real ones."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
def mail_at_once(monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]) -> list[Any]:
    """What an action posts has left when the action is over; the e-mails."""
    monkeypatch.setattr(transaction, "on_commit", lambda do, **more: do())
    return mailoutbox


@pytest.fixture
def strict(settings):
    """As in production: a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
