"""What this machine is called where several work together."""

from __future__ import annotations

import socket


def name() -> str:
    return socket.gethostname()[:120]
