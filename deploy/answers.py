"""answers.py SOCKET HOST SECONDS: waits until the web server behind the socket says that it is ready.

It asks as the proxy on this machine would. Where it is not ready in time, what it last said is printed.
"""

from __future__ import annotations

import http.client
import socket
import sys
import time


class BySocket(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path: str, page: str, host: str) -> tuple[int, str]:
    connection = BySocket(path)
    try:
        headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
        connection.request("GET", page, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(2_000).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as why:
        return 0, f"The web server does not answer ({why})."
    finally:
        connection.close()


def main() -> int:
    path, host, seconds = sys.argv[1:]
    end = time.monotonic() + float(seconds)
    while True:
        status, said = ask(path, "/readyz", host)
        if status == 404:  # a version that has no such page
            status, said = ask(path, "/healthz", host)
        if status == 200:
            return 0
        if time.monotonic() > end:
            print(f"It is not ready after {seconds} seconds. {said}", file=sys.stderr)
            return 1
        time.sleep(1)


if __name__ == "__main__":
    sys.exit(main())
