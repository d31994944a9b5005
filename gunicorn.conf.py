"""gunicorn reads this file by itself where it is started from here.

It believes no header: not even a proxy's on this machine, as it otherwise would. Which proxy's word counts is said in
one place, PPG_PROXIES.
"""

from typing import Any

import ppg.memory_counts  # noqa: F401  # before the processes part, so that all of them count in the same memory
from ppg import gunicorn_answers

secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

logger_class = "ppg.gunicorn_lines.Lines"  # one line each, without anything about anybody


def post_fork(_server: Any, _worker: Any) -> None:
    gunicorn_answers.as_ours()
