"""gunicorn as it is started: what it believes, what it says of itself, and what it refuses before we hear of it."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ppg.every_request import headers
from ppg.gunicorn_answers import SENTENCE
from tests.guards.test_settings import ROOT, environment_of

HOST = "groups.example.gov.uk"
OVER_TLS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@contextmanager
def gunicorn(folder: Path, **changes: str) -> Iterator[int]:
    """Its port, as soon as it listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "ppg.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "critical"],
        cwd=ROOT,
        env=environment_of(changes, folder),
        stderr=subprocess.DEVNULL,
    )
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def asked(port: int, said: dict[str, str], path: str = "/") -> tuple[int, http.client.HTTPMessage, str]:
    for _ in range(3000):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            connection.request("GET", path, headers=said)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        except ConnectionRefusedError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("The web server did not start.")


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("var")
    (folder / "static").mkdir()
    (folder / "static/app.css").write_text("p {}")
    with gunicorn(folder, PPG_PROXIES="1") as port:
        yield port


ANSWERS = {
    "a file": (200, OVER_TLS, "/static/app.css"),
    "the way to HTTPS": (301, {"Host": HOST, "X-Forwarded-Proto": "http"}, "/"),
    "a host that is not ours": (400, {"Host": "evil"}, "/"),
    "a host that is not ours, over TLS": (400, OVER_TLS | {"Host": "evil"}, "/"),
    "an address that is too long": (414, OVER_TLS, "/" + "x" * 5_000),
    "headers that are too large": (431, OVER_TLS | {"X": "x" * 10_000}, "/"),
    "a header that is none": (400, OVER_TLS | {"a(b": "x"}, "/"),
}
OF_GUNICORN = ("an address that is too long", "headers that are too large", "a header that is none")


@pytest.mark.parametrize("case", ANSWERS)
def test_every_answer_carries_the_policy_and_none_says_what_serves(behind_a_proxy, case):
    status, said, path = ANSWERS[case]
    got, carried, body = asked(behind_a_proxy, said, path)
    assert (got, "Server" in carried) == (status, False)
    lacks = {name for name, value in headers.POLICY.items() if carried[name] != value}
    assert lacks == ({"Cache-Control"} if case == "a file" else set())  # a file is nothing personal
    assert "Access-Control-Allow-Origin" not in carried
    if case in OF_GUNICORN:
        assert body == SENTENCE


def test_gunicorn_believes_no_header(tmp_path):
    """It would, of a proxy on the same machine, whatever PPG_PROXIES says."""
    with gunicorn(tmp_path, PPG_PROXIES="0") as port:
        status, _headers, body = asked(port, {"Host": HOST, "X-Forwarded-Proto": "https"})
    assert status == 500
    assert "A proxy stands in front, and PPG_PROXIES is 0." in body
