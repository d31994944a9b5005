"""GOV.UK Notify on this machine, for tests: it says what it is told to say and keeps what it took."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "tests-" + "11111111-2222-3333-4444-555555555555-" + "66666666-7777-8888-9999-000000000000"


@dataclass
class Notify:
    """`status` is what it answers; None hangs up without a word, after taking the text."""

    url: str = ""
    status: int | None = 201
    body: bytes = b'{"id": "1"}'
    taken: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def notify_server(settings: Any, **fields: Any) -> Iterator[Notify]:
    """Also points the settings at it."""
    server = Notify(**fields)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if server.status is None or server.status < 300:
                server.taken.append(told | {"path": self.path})
            if server.status is None:
                self.close_connection = True
                return
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(server.body)))
            self.end_headers()
            self.wfile.write(server.body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as listening:
        listening.daemon_threads = True
        server.url = f"http://127.0.0.1:{listening.server_address[1]}"
        threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE, settings.NOTIFY_URL = KEY, "template-1", server.url
        try:
            yield server
        finally:  # left alone, its thread would turn round a closed socket for the rest of the run
            listening.shutdown()
