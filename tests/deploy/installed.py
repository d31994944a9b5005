"""What `deploy/install --root DIR` has put below a folder, and its services as processes of ours.

There is no systemd in a test. So a unit's own ExecStart is run with the unit's own environment, the paths of both moved
below the folder: `start(root, "ppg-proxy.service")`.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = Path(sys.prefix)
UNITS = "etc/systemd/system"
OURS = re.compile(r"(?<![\w.-])/(opt/ppg|etc/ppg|var/lib/ppg|var/lib/caddy|run/ppg-proxy|run/ppg)(?=[/\s\"':;]|$)")
MAIL = {"PPG_EMAIL_URL": "smtp://mail.council.example:25", "PPG_EMAIL_FROM": "groups@council.example"}
HOST = "groups.council.example"


def install(root: Path, *options: str, checkout: Path = CHECKOUT, **variables: str) -> subprocess.CompletedProcess[str]:
    """`deploy/install --root DIR` with the packages that the tests run on."""
    return subprocess.run(
        [checkout / "deploy/install", "--root", root, "--venv", VENV, *options],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def unit(root: Path, name: str) -> dict[str, list[str]]:
    """What each directive of the unit says, section or not: no name is in two of them."""
    says = defaultdict(list)
    for line in (root / UNITS / name).read_text().splitlines():
        if line and line[0] not in "#[":
            directive, _, value = line.partition("=")
            says[directive].append(value)
    return says


def below(root: Path, text: str) -> str:
    return OURS.sub(lambda found: f"{root}{found[0]}", text)


def variables(root: Path, name: str) -> dict[str, str]:
    """What the service finds in its environment."""
    says, found = unit(root, name), {}
    for file in says["EnvironmentFile"]:
        lines = Path(below(root, file)).read_text().splitlines()
        found |= dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    found |= dict(line.split("=", 1) for line in says["Environment"])
    return {"PATH": os.environ["PATH"]} | {key: below(root, value) for key, value in found.items()}


@contextmanager
def start(
    root: Path,
    name: str,
    listening: socket.socket | None = None,
    errors: Path | None = None,
    before: Sequence[str] = (),
    **changes: str,
) -> Iterator[subprocess.Popen[bytes]]:
    """The unit's process, killed at the end; `listening` is handed over as systemd hands a socket over. `before` stands
    in front of its command."""
    command = [*before, *shlex.split(below(root, unit(root, name)["ExecStart"][0]))]
    environment = variables(root, name) | changes
    if listening:  # the process that is started is the one that LISTEN_PID names
        handed = f'exec 3<&{listening.fileno()}; LISTEN_PID=$$ exec "$@"'
        command = ["/bin/bash", "-c", handed, "bash", *command]
        environment |= {"LISTEN_FDS": "1"}
    with open(errors or os.devnull, "ab") as stderr:
        process = subprocess.Popen(
            command,
            env=environment,
            stderr=stderr if errors else None,
            start_new_session=True,
            pass_fds=[listening.fileno()] if listening else [],
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
