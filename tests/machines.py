"""What long runs start and end: a web server on a database of its own, PostgreSQL in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
OF_OUR_OWN = (
    *("PPG_MODE", "SECRET_KEY", "PPG_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "PPG_EMAIL_URL", "DEBUG"),
    *("PPG_STORE", "PPG_BACKUPS", "PPG_BACKUP_KEY", "PPG_LEDGER"),
)


@contextmanager
def database(kind: str) -> Iterator[None]:
    """An empty database, "sqlite" or "postgresql", named in this process's environment. Before Django is set up."""
    for name in OF_OUR_OWN:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ppg.settings"
    with tempfile.TemporaryDirectory(prefix="ppg-bench-") as folder:
        os.environ["PPG_VAR"] = folder
        (Path(folder) / "static").mkdir()
        if kind == "sqlite":
            yield
            return
        with postgresql() as url:
            os.environ["DATABASE_URL"] = url
            yield


@contextmanager
def postgresql() -> Iterator[str]:
    """With PostgreSQL's own defaults, reached by its socket only. It refuses to run as root."""
    binaries = Path(shutil.which("initdb") or max(Path("/usr/lib/postgresql").glob("*/bin/initdb"))).resolve().parent
    cluster = Path(tempfile.mkdtemp(prefix="ppg-pg-"))
    owner = {"user": "postgres", "cwd": "/"} if os.getuid() == 0 else {"cwd": "/"}
    if os.getuid() == 0:
        os.chown(cluster, pwd.getpwnam("postgres").pw_uid, -1)

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **owner)

    data = cluster / "data"
    try:
        run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale")
        run(
            *(binaries / "pg_ctl", "start", "-D", data, "-w", "-s", "-l", cluster / "log"),
            *("-o", f"-k {cluster} -c listen_addresses= -c max_connections=200"),
        )
        yield f"postgres://postgres@{quote(str(cluster), safe='')}/postgres"
    finally:
        run(binaries / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-s")
        shutil.rmtree(cluster, ignore_errors=True)


class Web:
    """gunicorn, as script/demo runs it: one master, two workers, in a process group of their own."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> None:
        command = [Path(sys.executable).parent / "gunicorn", "ppg.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [*command, "--workers", "2", "--log-level", "critical"], cwd=ROOT, start_new_session=True
        )

    def wait(self) -> None:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("The web server did not start.")

    def kill(self) -> None:
        """kill -9 of the master and its workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
