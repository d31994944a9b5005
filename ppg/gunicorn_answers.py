"""What gunicorn says by itself: no header names it, and where it refuses what it cannot read, it does so as we do."""

from __future__ import annotations

import socket

from gunicorn import util
from gunicorn.http.wsgi import Response

from ppg.every_request import headers

SENTENCE = "We could not read what your browser sent. Go back and try again."


_default_headers = Response.default_headers


def as_ours() -> None:
    """In each process that answers, before its first answer: gunicorn has a setting for neither."""
    util.write_error = refuse
    Response.default_headers = unnamed


def unnamed(response: Response) -> list[str]:
    return [line for line in _default_headers(response) if not line.startswith("Server:")]


def refuse(client: socket.socket, status: int, reason: str, _why: str) -> None:
    """Without the why: it repeats what was sent."""
    body = SENTENCE.encode()
    said = {
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": len(body),
        **headers.POLICY,
    }
    head = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in said.items()), "", ""]
    util.write_nonblock(client, "\r\n".join(head).encode("latin-1") + body)
