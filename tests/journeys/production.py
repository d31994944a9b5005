"""The product as a council's technician has it: made by `deploy/install`, behind Caddy with TLS, with a worker, a
PostgreSQL of its own with the two roles, and a mail server that keeps what it takes. The services' own units say how
they are started; all of it runs on this machine and below one folder."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_string, policy
from pathlib import Path

from tests.deploy.installed import CHECKOUT, HOST, install, start, variables
from tests.ports import PATIENCE, free_port, wait_for
from tests.postgresql import Cluster, cluster
from tests.sessions_app.smtp import Server, mail_server
from tests.tls import certificate


@dataclass
class Installation:
    """`url` is where it is reached, `said` what the installer printed; `manage("command", …)` answers with what the
    command printed."""

    root: Path
    url: str
    said: str
    mail: Server
    postgresql: Cluster
    listening: socket.socket
    services: ExitStack = field(default_factory=ExitStack)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def release(self) -> str:
        return (self.root / "opt/ppg/current").resolve().name

    def upgrade(self, checkout: Path) -> subprocess.CompletedProcess[str]:
        return install(self.root, checkout=checkout, PGHOST=str(self.postgresql.folder))

    def back(self, *options: str) -> subprocess.CompletedProcess[str]:
        """`deploy/back`."""
        return subprocess.run(
            [self.root / "opt/ppg/current/deploy/back", *options, "--root", self.root],
            env=os.environ | {"PGHOST": str(self.postgresql.folder)},
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, name: str, **changes: str) -> None:
        listening = self.listening if name == "ppg-web.service" else None
        self.running[name] = self.services.enter_context(start(self.root, name, listening, **changes))

    def start_again(self, name: str, **changes: str) -> None:
        """As systemd does: the old process ends its work, then the new one begins."""
        self.running[name].send_signal(signal.SIGTERM)
        assert self.running[name].wait(PATIENCE) == 0
        self.start(name, **changes)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [self.root / "opt/ppg/current/deploy/run", "manage", *command],
            env=variables(self.root, "ppg-web.service"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def link_in(self, text: str, path: str) -> str:
        """The link, which names the host of the settings, at the port where it is reached here."""
        found = re.search(rf"https://{HOST}({path}\S+)", text)
        assert found, text
        return f"{self.url}{found[1]}"

    def mail_to(self, address: str, subject: str) -> str:
        """The text of the newest e-mail with this subject, once it has come."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for _id, to, raw in reversed(self.mail.taken):
                message = message_from_string(raw, policy=policy.default)
                if to == address and subject in message["Subject"]:
                    return message.get_content()
            time.sleep(0.1)
        raise AssertionError(f"No e-mail “{subject}” came to {address}: {[to for _id, to, _raw in self.mail.taken]}")


@contextmanager
def installation(folder: Path) -> Iterator[Installation]:
    root, port = folder / "server", free_port()
    signed, key = certificate(folder, HOST, "localhost")
    with (
        mail_server() as mail,
        cluster() as postgresql,
        socket.socket(socket.AF_UNIX) as listening,
        ExitStack() as services,
    ):
        options = ["--host", f"{HOST},localhost", "--certificate", str(signed), "--key", str(key)]
        options += ["--admin", "ada@council.example", "--parts", "web,worker,database"]
        database = {"PGHOST": str(postgresql.folder), "DATABASE_URL": postgresql.url("ppg", "ppg")}
        sender = {"PPG_EMAIL_URL": f"smtp://127.0.0.1:{mail.port}", "PPG_EMAIL_FROM": "groups@council.example"}
        done = install(root, *options, **sender, **database)
        assert done.returncode == 0, done.stderr
        for runtime in ("run/ppg", "run/ppg-proxy"):
            (root / runtime).mkdir(parents=True)
        listening.bind(str(root / "run/ppg/web.sock"))
        listening.listen()
        installation = Installation(
            root, f"https://localhost:{port}", done.stdout, mail, postgresql, listening, services
        )
        installation.start("ppg-web.service", WEB_CONCURRENCY="1")
        installation.start("ppg-worker.service")
        installation.start(
            "ppg-proxy.service",
            PPG_LISTEN="127.0.0.1",
            PPG_HTTPS_PORT=str(port),
            PPG_HTTP_PORT=str(free_port()),
            PPG_SOCKET=f"{root}/run/ppg/web.sock",
            PPG_PROXY_ADMIN=f"{root}/run/ppg-proxy/admin.sock",
            PPG_ERRORS=f"{root}/opt/ppg/current/deploy/errors",
        )
        wait_for(port)
        yield installation


def next_version(folder: Path, path: str, old: str, new: str) -> Path:
    """A checkout of the product in which one file says something else."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    for name in filter(None, tracked.stdout.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)
    text = (folder / path).read_text()
    assert old in text
    (folder / path).write_text(text.replace(old, new))
    author = ["-c", "user.name=next", "-c", "user.email=next@council.example"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "The next version"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder
