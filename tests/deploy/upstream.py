"""Stands where gunicorn does, behind the proxy: takes down what reaches it, and how."""

from __future__ import annotations

import http.server
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path


@dataclass
class Seen:
    method: str
    path: str
    headers: HTTPMessage
    body: bytes


@dataclass
class Upstream:
    """`busy` is how many connections are open now, `most` how many were at once."""

    seen: list[Seen] = field(default_factory=list)
    answer: bytes = b"hello"
    headers: dict[str, str] = field(default_factory=dict)
    busy: int = 0
    most: int = 0


@contextmanager
def upstream(path: Path) -> Iterator[Upstream]:
    stand_in, lock = Upstream(), threading.Lock()

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            with lock:
                stand_in.busy += 1
                stand_in.most = max(stand_in.most, stand_in.busy)
            try:
                super().handle()
            finally:
                with lock:
                    stand_in.busy -= 1

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stand_in.seen.append(Seen(self.command, self.path, self.headers, body))
            self.send_response(200)
            for name, value in {"Content-Length": str(len(stand_in.answer)), **stand_in.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(stand_in.answer)

        do_POST = do_GET  # noqa: N815

        def address_string(self) -> str:
            return "a socket"

        def log_message(self, *_args: object) -> None:
            pass

    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        def handle_error(self, _request: object, _address: object) -> None:
            pass  # whoever asked has gone

        daemon_threads = True
        request_queue_size = 128

    path.parent.mkdir(parents=True, exist_ok=True)
    with Server(str(path), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield stand_in
        server.shutdown()
    path.unlink()
