"""The product as a council's technician starts it: production's settings, TLS, a worker, a mail server that keeps what
it takes. Everything runs in processes of its own, on a database of its own, on this machine's loopback only."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from pathlib import Path

from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import PATIENCE, free_port, wait_for
from tests.sessions_app.smtp import Server, mail_server

HOST = "groups.council.example"
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Installation:
    """`url` is where it is reached; `manage("command", …)` answers with what the command printed."""

    url: str
    environment: dict[str, str]
    mail: Server

    def manage(self, *command: str, text: str | None = None) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            input=text,
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
    port = free_port()
    certificate, key = _certificate(folder)
    with mail_server() as mail:
        one = Installation(f"https://localhost:{port}", _variables(folder, mail.port), mail)
        one.manage("migrate", "-v0")
        one.manage("createcachetable")
        one.manage("collectstatic", "--noinput", "-v0")
        one.manage("load_programmes")
        tls = ["--certfile", certificate, "--keyfile", key, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        web = [sys.executable, "-m", "gunicorn", "ppg.wsgi", "--threads", "4", "--log-level", "error", *tls]
        worker = [sys.executable, "manage.py", "worker", "--interval", "0.2"]
        running = [_start(command, one.environment) for command in (web, worker)]
        try:
            wait_for(port)
            yield one
        finally:
            for process in running:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _variables(folder: Path, mail_port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PPG_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "PPG_KEYS": Fernet.generate_key().decode(),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "PPG_PROXIES": "0",
        "PPG_VAR": str(folder / "var"),
        "PPG_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PPG_EMAIL_FROM": "groups@council.example",
    }


def _start(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def _certificate(folder: Path) -> tuple[str, str]:
    """For localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(private)
    return str(folder / "certificate.pem"), str(folder / "key.pem")
