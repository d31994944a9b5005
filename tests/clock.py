"""The tests under another clock: `script/test --at '2026-12-31 23:50'` (docs/testing.md).

libfaketime moves the clock of Python. The browser cannot live under it: it runs at the real time, and its pages and
workers are told how far the server is ahead.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse

AHEAD = int(os.environ.get("FAKETIME", "0"))  # seconds

# What a page or a worker reads before its own scripts. Timers stay real, as the server's do.
DATE = """
globalThis.Date = new Proxy(Date, {
  construct: (Real, given, target) => Reflect.construct(Real, given.length ? given : [Real.now() + AHEAD], target),
  apply: (Real) => new Real(Real.now() + AHEAD).toString(),
  get: (Real, name) => (name === "now" ? () => Real.now() + AHEAD : Reflect.get(Real, name)),
});
""".replace("AHEAD", str(1000 * AHEAD))


def sleep(seconds: float) -> None:
    """`time.sleep`, whose own way of waiting libfaketime refuses."""
    select.select([], [], [], seconds)


if AHEAD:
    time.sleep = sleep


@contextmanager
def real_for_children() -> Iterator[None]:
    """What is started within has the real clock."""
    preload = os.environ.pop("LD_PRELOAD", None)
    try:
        yield
    finally:
        if preload is not None:
            os.environ["LD_PRELOAD"] = preload


def workers_follow(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware of the tests under another clock: a service worker has no page that could tell it the time."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("Service-Worker") == "script":
            response.content = DATE.encode() + response.content
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return respond
