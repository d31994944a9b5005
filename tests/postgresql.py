"""A PostgreSQL of a test's own: in a temporary folder, reached by its socket, gone afterwards."""

from __future__ import annotations

import getpass
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

IN_A_HURRY = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True)
class Cluster:
    folder: Path

    def url(self, role: str, database: str) -> str:
        return f"postgres://{role}@{quote(str(self.folder), safe='')}/{database}"

    def run(self, sql: str, role: str = "postgres", database: str = "postgres") -> list[Any]:
        """In a connection of its own, as that role: the cluster believes everybody who they say they are."""
        with psycopg.connect(host=str(self.folder), user=role, dbname=database, autocommit=True) as connection:
            answer = connection.execute(sql)
            return answer.fetchall() if answer.description else []


def programs() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    return debian[-1] if debian else Path(found or "initdb").parent


@contextmanager
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="ppg-postgresql.", dir="/tmp"))  # a socket's path has to be short
    as_owner = []
    if getpass.getuser() == "root":  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *options: str) -> None:
        command = [*as_owner, programs() / program, "-D", folder / "data", *options]
        # What is started would keep a pipe of ours open as long as it runs.
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        run("pg_ctl", "start", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses= {IN_A_HURRY}")
        try:
            yield Cluster(folder)
        finally:
            run("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
