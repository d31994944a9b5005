"""Starts a command many times, each in an environment of its own: `starts.many`.

Each start is a process of its own that runs manage.py as a technician does. They are forked from one that has read
Django already, so that forty of them take two seconds instead of forty.
"""

from __future__ import annotations

import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from ppg import environment

ROOT = Path(__file__).resolve().parents[2]
# Written by the last of them: what the settings came to be.
SHOW = """
import json
from ppg import environment
environment.start()
from django.conf import settings
shown = {name: getattr(settings, name, None) for name in dir(settings) if name.isupper()}
print(json.dumps(shown, default=lambda value: None))
"""


@dataclass(frozen=True)
class Ended:
    code: int
    stdout: str
    stderr: str


def many(environments: Iterable[dict[str, str]], *command: str) -> list[Ended]:
    """`manage.py command` in each of them; without a command the settings are printed as JSON."""
    asked = json.dumps({"environments": list(environments), "command": command})
    ends = subprocess.run(
        [sys.executable, "-m", "tests.guards.starts"], cwd=ROOT, input=asked, capture_output=True, text=True, check=True
    )
    return [Ended(**one) for one in json.loads(ends.stdout)]


def _start(variables: dict[str, str], command: list[str]) -> Ended:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            _run(variables, command)
        _pid, status = os.waitpid(child, 0)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
    return Ended(os.waitstatus_to_exitcode(status), *texts)


def _run(variables: dict[str, str], command: list[str]) -> None:
    """In the child: what Python itself does with a script, to the exit code."""
    code = 0
    try:
        os.environ.clear()
        os.environ.update(variables)
        sys.argv = ["manage.py", *command]
        if command:
            runpy.run_path("manage.py", run_name="__main__")
        else:
            exec(SHOW, {})  # noqa: S102
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    for module in ("cryptography.fernet", "django.core.management"):
        importlib.import_module(module)  # what every start reads, read once
    environment.sender("groups@example.gov.uk")  # the pattern of an address takes longer than all the rest
    asked = json.load(sys.stdin)
    print(json.dumps([asdict(_start(one, asked["command"])) for one in asked["environments"]]))
