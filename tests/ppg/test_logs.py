"""A line in the log says what happened and where in the code, and nothing about anybody: whatever was typed, and
whatever a database, a mail server or a template says of it."""

from __future__ import annotations

import ast
import io
import logging
import re
import smtplib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as of_django
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path, reverse
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from gunicorn.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st

from ppg import logs
from ppg.access.marks import public
from ppg.background import jobs
from ppg.gunicorn_lines import Lines
from ppg.models import User
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]
WORD = "zwxq"
ADDRESS = f"{WORD}.marsh@families.example"
SECRET = f"{WORD}-4hT9wLq0Zr7kVn2bXs6"


# --- Pages that go wrong ---------------------------------------------------------------------------------


def twice() -> None:
    with transaction.atomic():
        User.objects.create(email=ADDRESS, name=WORD, role="lead")


def refused() -> None:
    raise smtplib.SMTPRecipientsRefused({ADDRESS: (550, f"no such person {ADDRESS}".encode())})


def in_a_template() -> None:
    engines["django"].from_string("{{ form.name }}").render({"form": Untellable()})


class Untellable:
    @property
    def name(self) -> str:
        raise RuntimeError(f"Nothing is known of {ADDRESS}\nat all")


def no_such_key() -> None:
    dict[str, str]()[ADDRESS]


def with_a_remark() -> None:
    error = ValueError("words")
    error.add_note(ADDRESS)
    raise error


FAULTS = {one.__name__: one for one in (twice, refused, in_a_template, no_such_key, with_a_remark)}


@public
def broken(request: HttpRequest, fault: str, code: str) -> HttpResponse:
    FAULTS[fault]()
    return HttpResponse()


urlpatterns = [path("broken/<str:fault>/<str:code>/", broken, name="broken")]
handler500 = "ppg.every_request.views.server_error"


@pytest.fixture
def lines(monkeypatch) -> list[str]:
    """What production would have written: by the formatter of the settings, one text a line that was ended."""
    written: list[str] = []

    class Kept(io.StringIO):
        def write(self, text: str) -> int:
            written.extend(text.splitlines())
            return len(text)

    handler = logging.StreamHandler(Kept())
    configured = [one.formatter for one in logging.root.handlers if isinstance(one.formatter, logs.LineFormatter)]
    handler.setFormatter(configured[0])
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)
    assert WORD not in "\n".join(written)


@pytest.fixture
def ask(settings, db):
    settings.ROOT_URLCONF = __name__
    UserFactory(email=ADDRESS)

    def post(fault: str) -> HttpResponse:
        client = Client(raise_request_exception=False)
        return client.post(reverse("broken", args=[fault, SECRET]), {"name": WORD}, headers={"User-Agent": WORD})

    return post


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_goes_wrong_leaves_one_line_that_says_where_and_nothing_about_anybody(ask, lines, fault):
    answer = ask(fault)
    reference = re.search(r"\b[0-9a-f]{8}\b", answer.text)[0]
    said, whole = lines
    assert f'says="fault {reference}"' in said
    assert all(word in whole for word in ('says="Internal Server Error"', "status=500", "method=POST"))
    assert 'route="broken/<str:fault>/<str:code>/"' in whole and f"fault={reference}" in whole
    assert re.search(rf"tests/ppg/test_logs\.py:\d+ ({fault}|name)", whole)


def test_a_database_error_is_told_by_its_kind_and_code(ask, lines):
    ask("twice")
    code, driver = (
        ("23505", "psycopg.errors.UniqueViolation[23505 ppg_user ppg_user_email")
        if connection.vendor == "postgresql"
        else ("SQLITE_CONSTRAINT_UNIQUE", "sqlite3.IntegrityError[SQLITE_CONSTRAINT_UNIQUE]")
    )
    assert "django.db.utils.IntegrityError at " in lines[1] or f"django.db.utils.IntegrityError[{code}" in lines[1]
    assert f"because of {driver}" in lines[1]


def test_a_text_that_is_too_long_for_its_column_is_not_told(db, lines):
    """PostgreSQL says which value it was of some types; SQLite takes any."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT CAST(%s AS integer) + date(%s)", [ADDRESS, ADDRESS])
        except Exception:
            logging.getLogger("x").exception("Not a number")
    assert len(lines) == (connection.vendor == "postgresql")


def test_of_refused_recipients_the_servers_code_is_told(ask, lines):
    ask("refused")
    assert "smtplib.SMTPRecipientsRefused[550]" in lines[1]


# --- Jobs ------------------------------------------------------------------------------------------------


@task()
def fails(code: str) -> None:
    raise smtplib.SMTPRecipientsRefused({ADDRESS: (451, b"later")}) from ValueError(ADDRESS)


def run_a_job() -> DBTaskResult:
    row = DBTaskResult.objects.create(
        task_path=f"{__name__}.fails", args_kwargs={"args": [SECRET], "kwargs": {}}, backend_name="default"
    )
    worker = {"queue_names": ["*"], "excluded_queue_names": [], "interval": 0, "batch": True, "max_tasks": None}
    Worker(**worker, backend_name="default", startup_delay=False, worker_id="w").run_task(row)
    return DBTaskResult.objects.get(pk=row.pk)


@pytest.fixture
def queue(settings, db):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_a_job_that_fails_leaves_a_line_with_its_name_and_no_words(queue, lines):
    row = run_a_job()
    [line] = lines
    assert f"Task id={row.pk} path={__name__}.fails state=FAILED" in line
    assert "smtplib.SMTPRecipientsRefused[451] at " in line and "because of ValueError" in line


def test_what_a_failed_job_keeps_in_its_row_has_no_words_either(queue):
    row = run_a_job()
    assert row.status == "FAILED" and row.exception_class_path == "smtplib.SMTPRecipientsRefused"
    assert "test_logs.py" in row.traceback and "because of ValueError" in row.traceback
    assert WORD not in row.traceback


def test_a_job_whose_workers_died_says_so_by_the_kind_of_its_error(queue, now):
    values = {"args_kwargs": {"args": [], "kwargs": {}}, "backend_name": "default", "worker_ids": ["a", "b", "c"]}
    long_ago = now - 2 * jobs.LOST_AFTER
    row = DBTaskResult.objects.create(task_path="x", status="RUNNING", started_at=long_ago, **values)
    jobs.requeue_lost(now)
    row.refresh_from_db()
    assert (row.status, row.exception_class_path, row.traceback) == ("FAILED", "ppg.background.jobs.WorkerDied", "")


# --- What gunicorn says ----------------------------------------------------------------------------------


def test_gunicorn_writes_such_lines_too(capsys):
    log = Lines(Config())
    try:
        [handler] = log.error_log.handlers
        handler.stream = sys.stdout
        try:
            no_such_key()
        except KeyError:
            log.exception("Error handling request %s", f"/f/{SECRET}/")
        log.warning(f"Invalid request from ip={ADDRESS}")
        log.info("Listening at: %s (%s)", "http://127.0.0.1:8000", 12)
    finally:
        log.error_log.handlers.clear()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and WORD not in "".join(lines)
    assert 'says="Error handling request ***"' in lines[0] and 'error="KeyError at tests/ppg/test_logs.py:' in lines[0]
    assert 'says="***"' in lines[1] and 'from="tests/ppg/test_logs.py:' in lines[1]
    assert 'says="Listening at: http://127.0.0.1:8000 (12)"' in lines[2]


def test_gunicorn_is_told_to():
    settings: dict[str, Any] = {}
    exec((ROOT / "gunicorn.conf.py").read_text(), settings)  # noqa: S102
    config = Config()
    config.set("logger_class", settings["logger_class"])
    assert config.logger_class is Lines


# --- What does not come through logging ------------------------------------------------------------------

ENDS = f"""
import sys, threading, warnings
from ppg import logs
logs.take_over()
warnings.warn("{ADDRESS}\\nreceived a naive datetime", RuntimeWarning)
thread = threading.Thread(target=lambda: int("{ADDRESS}"))
thread.start()
thread.join()
class Ends:
    def __del__(self):
        raise ValueError("{ADDRESS}")
Ends()
import logging
handler = logging.StreamHandler()
handler.setFormatter(logs.LineFormatter())
logging.root.addHandler(handler)
logging.error("%d people", "{ADDRESS}")
raise ValueError("{ADDRESS}")
"""


def test_warnings_threads_and_what_nobody_catches_are_one_line_each():
    done = subprocess.run([sys.executable, "-c", ENDS], cwd=ROOT, capture_output=True, text=True, check=False)
    warning, thread, ignored, misfit, end = done.stderr.splitlines()
    assert done.returncode == 1 and WORD not in done.stderr + done.stdout
    assert "builtins.RuntimeWarning" in warning and "logger=py.warnings" in warning
    assert "A thread ended" in thread and "ValueError at " in thread
    assert "Ignored where" in ignored and "Nobody caught this" in end and "level=error" in misfit


# --- The rules -------------------------------------------------------------------------------------------


def line_of(message: Any, *arguments: Any, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, None) if error else None
    return logs.LineFormatter().format(logging.LogRecord("x", logging.ERROR, __file__, 1, message, arguments, exc_info))


@given(st.text(), st.text())
@settings(max_examples=30)
def test_no_text_that_is_not_the_programs_own_comes_through_and_no_line_breaks(before, after):
    text = f"{before}{WORD}!{after}"
    for line in (line_of(text), line_of("of %s", text), line_of("of %(who)s", {"who": text}), line_of(["a", text])):
        assert WORD not in line and len(line.splitlines()) == 1
    error = type("Odd", (ValueError,), {"sqlstate": text, "errno": text, "recipients": {text: (text,)}})(text)
    for line in (line_of("of %s", error), line_of(error), line_of("it", error=error)):
        assert WORD not in line and len(line.splitlines()) == 1


def test_numbers_kinds_and_what_somebody_vouches_for_come_through():
    words = line_of("of %s", 12), line_of("of %s", ValueError), line_of("of %s", logs.Shown("5f2c91ab"))
    said = [re.search(r'says="(.*?)"', one)[1] for one in words]
    assert said == ["of 12", "of builtins.ValueError", "of 5f2c91ab"]


def test_a_long_way_through_the_code_is_cut_in_its_middle():
    def deeper(left: int) -> None:
        if left:
            deeper(left - 1)
        raise ValueError(WORD)

    with pytest.raises(ValueError, match=WORD) as error:
        deeper(300)
    words = logs.in_words(error.value)
    assert "274 more" in words and len(words) < 4000 and WORD not in words


def test_a_file_that_is_neither_ours_nor_a_packages_nor_pythons_is_not_named():
    assert logs.place(f"/home/{WORD}/x.py") == logs.place("<string>") == "elsewhere"
    assert logs.place(smtplib.__file__) == "python/smtplib.py"
    assert logs.place(__file__) == "tests/ppg/test_logs.py"
    assert logs.place(sys.modules["django"].__file__) == "django/__init__.py"


def test_our_own_messages_are_written_out_where_they_are_logged():
    """Otherwise nobody would see them: a message counts as the program's own if it stands in its source."""
    wrong = []
    for app in of_django.OUR_APPS:
        for file in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger")), args=[message, *_]):
                        if not isinstance(message, ast.Constant | ast.Name):
                            wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, f"Write the message as one text, and what changes as arguments: {wrong}"
