"""What stands in front, tried with the real Caddy on an installation: nothing slow, huge or forged passes."""

from __future__ import annotations

import re
import socket
import ssl
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from ppg.every_request import headers
from tests.deploy.installed import CHECKOUT, HOST, start
from tests.deploy.upstream import Upstream, upstream
from tests.ports import free_port, wait_for

pytestmark = pytest.mark.real_clock  # Caddy has the machine's own

SLOW = 60  # senders at once: gunicorn has eight threads on two cores


@dataclass
class Proxy:
    root: Path
    behind: Upstream
    port: int
    http: int

    def log(self) -> str:
        return (self.root / "proxy.log").read_text()

    def connect(self, **limits: ssl.TLSVersion) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=self.root / "etc/ppg/certificate.pem")
        for name, version in limits.items():
            setattr(context, name, version)
        plain = socket.create_connection(("localhost", self.port), 30)
        try:
            return context.wrap_socket(plain, server_hostname=HOST)
        except OSError:
            plain.close()
            raise

    def ask(self, head: str, body: bytes = b"", **headers: str) -> bytes:
        """The whole answer; `X_Forwarded_For="…"` is a header."""
        with self.connect() as connection:
            connection.sendall(request(head, Connection="close", **headers) + body)
            return whole(connection)

    def status(self, head: str, body: bytes = b"", **headers: str) -> int:
        return int(self.ask(head, body, **headers).split()[1])


def request(head: str, **headers: str) -> bytes:
    named = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{head} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode()


def whole(connection: socket.socket) -> bytes:
    got = b""
    while part := connection.recv(65_536):
        got += part
    return got


@pytest.fixture(scope="module")
def proxies(folder: Path) -> Iterator[Callable[..., Proxy]]:
    """Caddy of the installation on loopback, before a stand-in for gunicorn: `proxies(PPG_BEHIND="127.0.0.1")`."""
    with ExitStack() as stack:
        behind = stack.enter_context(upstream(folder / "run/ppg/web.sock"))

        def make(**changes: str) -> Proxy:
            proxy = Proxy(folder, behind, free_port(), free_port())
            (folder / "run/ppg-proxy").mkdir(exist_ok=True)
            ports = {"PPG_HTTPS_PORT": str(proxy.port), "PPG_HTTP_PORT": str(proxy.http), "PPG_LISTEN": "127.0.0.1"}
            places = {
                "PPG_SOCKET": f"{folder}/run/ppg/web.sock",
                "PPG_PROXY_ADMIN": f"{folder}/run/ppg-proxy/{proxy.port}.sock",
                "PPG_ERRORS": f"{folder}/opt/ppg/current/deploy/errors",
            }
            stack.enter_context(
                start(folder, "ppg-proxy.service", errors=folder / "proxy.log", **ports | places | changes)
            )
            wait_for(proxy.port)
            return proxy

        yield make


@pytest.fixture(scope="module")
def _proxy(proxies: Callable[..., Proxy]) -> Proxy:
    return proxies()


@pytest.fixture
def proxy(_proxy: Proxy) -> Proxy:
    _proxy.behind.seen.clear()
    _proxy.behind.most = 0
    return _proxy


# --- Who is believed ------------------------------------------------------------------------------------------

FORGED = {
    "X_Forwarded_For": "192.0.2.66",
    "X_Forwarded_Proto": "http",
    "X_Forwarded_Host": "evil.example",
    "Forwarded": "for=192.0.2.66",
    "X_Real_IP": "192.0.2.66",
}


def test_what_a_visitor_says_of_where_they_come_from_is_overwritten(proxy):
    assert proxy.status("GET /", **FORGED) == 200
    headers = proxy.behind.seen[0].headers
    assert headers.get_all("X-Forwarded-For") == ["127.0.0.1"]
    assert headers.get_all("X-Forwarded-Proto") == ["https"]
    assert "evil" not in str(headers) and "192.0.2.66" not in str(headers)
    assert headers["Host"] == HOST


def test_a_load_balancer_that_is_named_is_believed(proxies):
    one = proxies(PPG_BEHIND="127.0.0.1")
    one.ask("GET /", X_Forwarded_For="192.0.2.9", X_Forwarded_Proto="https")
    assert one.behind.seen[-1].headers["X-Forwarded-For"] == "192.0.2.9, 127.0.0.1"


# --- TLS --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_new_tls_is_spoken(proxy, version):
    with proxy.connect(minimum_version=version, maximum_version=version) as connection:
        assert connection.version() == version.name.replace("_", ".")


def test_old_tls_is_not(proxy):
    """That it is the proxy who refuses, and not this machine's OpenSSL, is said by the alert."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("localhost", proxy.port), 30) as plain,
        pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"),
    ):
        context.wrap_socket(plain, server_hostname=HOST)


def test_without_tls_there_is_nothing_but_the_way_to_it(proxy):
    with socket.create_connection(("localhost", proxy.http), 30) as connection:
        connection.sendall(request("GET /sign-in/", Connection="close"))
        answer = whole(connection).decode()
    assert answer.startswith("HTTP/1.1 301") and f"Location: https://{HOST}/sign-in/\r\n" in answer
    assert proxy.behind.seen == []


# --- Slow and huge --------------------------------------------------------------------------------------------------


def test_slow_senders_hold_no_thread_of_the_web_server(proxy):
    with ExitStack() as stack:
        slow = [stack.enter_context(proxy.connect()) for _ in range(SLOW)]
        for number, connection in enumerate(slow):
            half = b"POST /slow HTTP/1.1\r\nHost" if number % 2 else request("POST /slow", Content_Length="1000")
            connection.sendall(half)
        for _second in range(2):
            for connection in slow:
                connection.sendall(b"x")
            began = time.monotonic()
            assert proxy.status("GET /quick") == 200
            assert time.monotonic() - began < 1  # the promise of this test
            time.sleep(0.5)
        assert [one.path for one in proxy.behind.seen] == ["/quick", "/quick"]
        assert proxy.behind.most == 1


def test_what_comes_slowly_arrives_whole(proxy):
    with proxy.connect() as connection:
        connection.sendall(request("POST /", Content_Length="6", Connection="close") + b"sl")
        time.sleep(0.3)
        assert proxy.behind.most == 0
        connection.sendall(b"owly")
        assert whole(connection).startswith(b"HTTP/1.1 200")
    assert proxy.behind.seen[0].body == b"slowly"


def test_a_slow_reader_holds_no_thread_either(proxy):
    proxy.behind.answer = b"x" * 20_000_000  # more than the sockets in between keep
    try:
        with proxy.connect() as connection:
            connection.sendall(request("GET /large", Connection="close"))
            end = time.monotonic() + 10
            while not proxy.behind.seen or proxy.behind.busy:
                assert time.monotonic() < end, "The web server still waits for somebody who does not read."
                time.sleep(0.02)
            assert len(whole(connection)) > 20_000_000
    finally:
        proxy.behind.answer = b"hello"


def test_a_huge_body_stops_before_it_is_sent(proxy):
    answer = proxy.ask("POST /guides/", Content_Length="10000000")
    assert answer.startswith(b"HTTP/1.1 413") and b"The file is too large" in answer
    assert proxy.behind.seen == []


def test_the_largest_handout_passes_and_what_is_a_little_larger_is_the_products_business(proxy):
    assert proxy.status("POST /guides/", b"x" * 6_000_000, Content_Length="6000000") == 200
    assert len(proxy.behind.seen[0].body) == 6_000_000


def test_a_body_of_unknown_length_is_refused(proxy):
    """Where one breaks off nobody could tell it from a whole one."""
    assert proxy.status("POST /", b"3\r\nabc\r\n0\r\n\r\n", Transfer_Encoding="chunked") == 411
    assert proxy.status("POST /", b"3\r\nabc\r\n0\r\n\r\n", Transfer_Encoding="chunked", Content_Length="3") == 411
    assert proxy.behind.seen == []


def test_huge_headers_are_refused(proxy):
    assert proxy.status("GET /", Cookie="x" * 100_000) == 431
    assert proxy.behind.seen == []


# --- Where the web server is away, and what is written down --------------------------------------------------------


@pytest.fixture(scope="module")
def away(proxies: Callable[..., Proxy]) -> str:
    """What a visitor gets where nobody listens behind the proxy."""
    one = proxies(PPG_SOCKET="/nowhere/web.sock")
    return one.ask("GET /f/a-secret-code/", Cookie="__Host-session=a-secret-session").decode()


def test_where_the_web_server_is_away_a_page_says_so(away):
    assert away.startswith("HTTP/1.1 502") and "Retry-After" in away
    assert "This service is not available at the moment" in away
    assert "Server:" not in away


def lacking(answer: bytes) -> set[str]:
    """The policy's headers that this answer does not carry; what the proxy says by itself has a policy of its own."""
    head = answer.split(b"\r\n\r\n")[0].decode()
    assert "\r\nServer:" not in head and "\r\nContent-Security-Policy: default-src 'none'; " in head
    assert "unsafe" not in head and "frame-ancestors 'none'" in head
    others = {name: value for name, value in headers.POLICY.items() if name != "Content-Security-Policy"}
    return {name for name, value in others.items() if f"\r\n{name}: {value}" not in head}


def test_what_the_proxy_answers_by_itself_carries_the_policy(proxy, away):
    assert lacking(away.encode()) == set()
    assert lacking(proxy.ask("POST /", Content_Length="10000000")) == set()
    assert lacking(proxy.ask("POST /", b"0\r\n\r\n", Transfer_Encoding="chunked")) == set()
    with socket.create_connection(("localhost", proxy.http), 30) as connection:
        connection.sendall(request("GET /", Connection="close"))
        assert lacking(whole(connection)) == set()


def test_what_was_answered_behind_it_keeps_its_own_headers(proxy):
    proxy.behind.headers = {"Cache-Control": "max-age=60", "Content-Security-Policy": "default-src 'none'; own"}
    try:
        head = proxy.ask("GET /").split(b"\r\n\r\n")[0]
    finally:
        proxy.behind.headers = {}
    assert b"Cache-Control: max-age=60" in head and b"default-src 'none'; own" in head and b"no-store" not in head
    assert b"Server:" not in head and b"X-Frame-Options: DENY" in head


def test_the_pages_of_the_proxy_are_drawn_in_the_style_that_their_policy_lets_in():
    caddyfile = (CHECKOUT / "deploy/Caddyfile").read_text()
    for page in ("away.html", "too-large.html"):
        [style] = re.findall(r"<style>(.*?)</style>", (CHECKOUT / "deploy/errors" / page).read_text(), re.DOTALL)
        assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in caddyfile, page


def test_no_line_says_who_came_and_where_they_went(proxy, away):
    assert proxy.status("GET /f/a-secret-code/") == 200
    assert proxy.status("POST /f/a-secret-code/", Content_Length="10000000") == 413
    with proxy.connect() as cut:
        cut.sendall(request("POST /f/a-secret-code/", Content_Length="10") + b"half")
    with socket.create_connection(("localhost", proxy.port), 30) as no_tls:
        no_tls.sendall(b"GET /f/a-secret-code/ HTTP/1.0\r\n\r\n")
        no_tls.recv(1_000)
    assert "dial unix" in proxy.log()  # it does say what went wrong
    assert not re.search(r"secret|127\.0\.0\.1|/f/|Cookie|User-Agent", proxy.log())
