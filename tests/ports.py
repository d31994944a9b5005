"""Servers that tests start on this machine: where, and whether they are there yet."""

from __future__ import annotations

import socket
import time

PATIENCE = 60  # seconds: a busy machine is not a fault


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(port: int) -> None:
    """Until somebody answers there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"Nobody answers at port {port}.")
