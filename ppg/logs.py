"""A line in the log: what happened, where in the code, and nothing about anybody.

The text of an exception holds what somebody typed: `Key (email)=(…) already exists`, or whom a mail server refused. So
a line is put together from what is known to be the program's own, and everything else is left out:

    at=2026-11-30T18:54:01.123Z level=error logger=django.request pid=812 says="Internal Server Error" status=500
    method=POST route="people/<str:code>/contact/" fault=5f2c91ab error="django.db.utils.IntegrityError[23505] at
    caregivers/referrals/views.py:41 contact > … because of psycopg.errors.UniqueViolation[23505 …] at …"

(one line). docs/decisions/logs.md says why, docs/running.md what each word means.
"""

from __future__ import annotations

import ast
import errno
import json
import logging
import re
import sys
import sysconfig
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HIDDEN = "***"
FIRST, LAST = 3, 25  # places that are kept of a long way through the code
MOST_CAUSES = 5
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

# Messages of others whose words are names of the program, signals or numbers, and may be seen.
SEEN = {
    "Task id=%s path=%s state=%s",  # django_tasks: which job
    "Starting gunicorn %s",
    "Listening at: %s (%s)",
    "Using worker: %s",
    "Handling signal: %s",
    "Worker (pid:%s) was sent %s!",
    "Worker (pid:%s) was sent %s! Perhaps out of memory?",
}


class Shown(str):
    """Whoever logs this word vouches that it says nothing about anybody: `log.error("fault %s", Shown(reference))`."""

    __slots__ = ()


class LineFormatter(logging.Formatter):
    """One line a record, of names and values (logfmt); what holds more than plain letters is quoted as in JSON."""

    def format(self, record: logging.LogRecord) -> str:
        try:
            facts = dict(_facts(record))
        except Exception as error:  # a log that fails would print all that it was given
            facts = {"level": "error", "logger": __name__, "says": "A line could not be written", "error": name(error)}
        return " ".join(f"{key}={_quoted(value)}" for key, value in facts.items())


def _facts(record: logging.LogRecord) -> Iterator[tuple[str, Any]]:
    yield "at", f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S}.{int(record.msecs):03d}Z"
    yield "level", record.levelname.lower()
    yield "logger", record.name
    yield "pid", record.process
    yield "says", _says(record)
    if isinstance(status := getattr(record, "status_code", None), int):
        yield "status", status
    yield from _request(getattr(record, "request", None))
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        yield "error", in_words(error)
    elif record.levelno >= logging.WARNING and record.funcName:
        yield "from", f"{place(record.pathname)}:{record.lineno} {record.funcName}"


def _quoted(value: Any) -> str:
    text = str(value)
    return text if re.fullmatch(r"[\w.:/@%+-]+", text, re.ASCII) else json.dumps(text)


# --- What it says ----------------------------------------------------------------------------------------


def _says(record: logging.LogRecord) -> str:
    """A message that stands in the source of whoever logs, with the numbers in it. A message that was put together
    before it came here may hold anything, and is left out."""
    if isinstance(status := getattr(record, "status_code", None), int):  # Django's, with the address in its words
        return HTTPStatus(status).phrase if status in set(HTTPStatus) else HIDDEN
    message = record.msg
    if isinstance(message, BaseException):
        return name(message)
    if not isinstance(message, str) or (message not in SEEN and message not in _texts_in(record.pathname)):
        return HIDDEN
    if not record.args:
        return message
    with suppress(TypeError, ValueError, KeyError):
        return message % _arguments(record.args, all_seen=message in SEEN)
    return message


def _arguments(arguments: Any, all_seen: bool) -> Any:
    if isinstance(arguments, dict):
        return {key: _argument(value, all_seen) for key, value in arguments.items()}
    return tuple(_argument(value, all_seen) for value in arguments)


def _argument(value: Any, seen: bool) -> Any:
    """Numbers, kinds of error, and what somebody vouches for."""
    if value is None or isinstance(value, int | float | Shown):
        return value
    if isinstance(value, BaseException):
        return name(value)
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    return value if seen else HIDDEN


@lru_cache(maxsize=256)
def _texts_in(path: str) -> frozenset[str]:
    """Every text that is written out in a source file."""
    try:
        tree = ast.parse(Path(path).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    return frozenset(
        one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str)
    )


def _request(request: Any) -> Iterator[tuple[str, str]]:
    """The pattern of the address, never the address: it carries codes that open something."""
    method = getattr(request, "method", "")
    if method in METHODS:
        yield "method", method
    if route := getattr(getattr(request, "resolver_match", None), "route", ""):
        yield "route", route
    if isinstance(fault := getattr(request, "fault", None), Shown):
        yield "fault", fault


# --- An exception without its text -----------------------------------------------------------------------


def in_words(error: BaseException | None) -> str:
    """Its kind, the codes that a database, a mail server or the system gave, and the way through the code; then what
    it came from."""
    said = [f"{name(one)} at {_way(one.__traceback__)}" if one.__traceback__ else name(one) for one in _chain(error)]
    return " because of ".join(said)


def name(error: BaseException) -> str:
    kind = type(error)
    codes = " ".join(_codes(error))
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.") + (f"[{codes}]" if codes else "")


def _codes(error: BaseException) -> Iterator[str]:
    """Of an exception's attributes those that only ever hold a code, or a name of the tables."""
    if isinstance(number := getattr(error, "errno", None), int):
        yield errno.errorcode.get(number, str(number))
    if isinstance(number := getattr(error, "smtp_code", None), int):
        yield str(number)
    if isinstance(refused := getattr(error, "recipients", None), dict):  # address → (code, words)
        yield from sorted({str(said[0]) for said in refused.values() if isinstance(said[0], int)})
    for attribute in ("sqlstate", "sqlite_errorname"):
        if isinstance(code := getattr(error, attribute, None), str) and re.fullmatch(r"[A-Z0-9_]+", code):
            yield code
    diagnosis = getattr(error, "diag", None)
    for attribute in ("table_name", "column_name", "constraint_name"):
        if isinstance(word := getattr(diagnosis, attribute, None), str):
            yield word


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen and len(seen) < MOST_CAUSES:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _way(traceback: TracebackType | None) -> str:
    """From where it began to where it went wrong; the middle of a long way is left out."""
    ways = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    places = [f"{place(code.co_filename)}:{line} {code.co_name}" for code, line in ways]
    if len(places) > FIRST + LAST:
        places[FIRST:-LAST] = [f"{len(places) - FIRST - LAST} more"]
    return " > ".join(places)


@lru_cache(maxsize=1024)
def place(filename: str) -> str:
    """A file of ours, of a package or of Python, from its root. Of any other not even the name."""
    if filename.startswith("<"):
        return filename if filename.startswith("<frozen ") else "elsewhere"
    path = Path(filename)
    for root in (*map(Path, (sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))), ROOT):
        if path.is_relative_to(root):
            return str(path.relative_to(root))
    library = Path(sysconfig.get_path("stdlib"))
    return f"python/{path.relative_to(library)}" if path.is_relative_to(library) else "elsewhere"


# --- What does not come through logging ------------------------------------------------------------------


def take_over() -> None:
    """Warnings of Python, and whatever nobody catches, become lines too. Somebody who sits at a terminal sees their
    traceback whole."""
    if sys.stderr is None or sys.stderr.isatty():
        return
    logging.raiseExceptions = False  # a message that does not fit its words would be printed with them
    warnings.showwarning = _warn  # type: ignore[assignment]
    sys.excepthook = lambda kind, error, traceback: None if _ended(kind) else _write("Nobody caught this", error)
    threading.excepthook = lambda args: None if _ended(args.exc_type) else _write("A thread ended", args.exc_value)
    sys.unraisablehook = lambda args: _write("Ignored where nothing could be raised", args.exc_value)


def _ended(kind: type[BaseException]) -> bool:
    return issubclass(kind, KeyboardInterrupt | SystemExit)


def _write(says: str, error: BaseException | None) -> None:
    """Past the handlers: they may not be there yet."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("ppg.logs", logging.CRITICAL, __file__, 0, says, (), exc_info)
    print(LineFormatter().format(record), file=sys.stderr)


def _warn(message: Any, category: type[Warning], filename: str, lineno: int, *args: Any) -> None:
    record = logging.LogRecord(
        "py.warnings", logging.WARNING, __file__, 0, "%s at %s:%s", (category, Shown(place(filename)), lineno), None
    )
    print(LineFormatter().format(record), file=sys.stderr)
