"""A request that breaks off on its way is not taken for one that is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


class WholeBody:
    """The body of a request, which is never taken for whole before all of it has come.

    Where a connection breaks off, a proxy hands on what it has, and gunicorn says no more than that there is nothing
    left: half of what somebody wrote would be saved as all of it.
    """

    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.left = stream, length

    def read(self, size: int | None = None) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        return self._counted(self.stream.read(wanted), wanted)

    def readline(self, size: int | None = None) -> bytes:
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        line = self.stream.readline(wanted)
        return self._counted(line, len(line) if line.endswith(b"\n") else wanted)

    def _counted(self, data: bytes, wanted: int) -> bytes:
        self.left -= len(data)
        if len(data) < wanted:
            raise OSError("The request broke off before all of it had come.")
        return data


def whole_bodies(serve: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdecimal():  # anything else Django takes for none
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return serve(environ, start_response)

    return application
