"""Is each of the 42 statements seen to fail with its protection taken out?

    script/bench protections                every one of them, on SQLite
    script/bench protections 3 18 25        of these statements alone
    script/bench protections postgresql     those whose tests ask a database, on a PostgreSQL of their own

The list stands in tests/guards/security/protections.yaml: a file of the product, a few words of it, what stands there
instead, and the test that must complain. Each is put into a copy of the repository, the test is run there by a child of
this process, which has loaded the libraries and nothing of ours, and the first line of the complaint is printed. Ends
with 1 if a test stayed green, or could not be run at all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

from tests.guards.security.protections import PROTECTIONS, Protection
from tests.machines import postgresql

ROOT = Path(__file__).resolve().parent.parent
LINKED = (".venv", "node_modules", "static/vendor")  # installed, and in no version
# What takes long to load, and is the same whatever is taken out. No plugins of pytest: it loads those its own way.
LIBRARIES = [
    "allauth.account.models", "allauth.mfa", "crispy_forms", "cryptography.fernet", "django.contrib.auth",
    "django.contrib.staticfiles", "django.template", "django.test", "openpyxl", "pikepdf", "textstat", "weasyprint",
    "yaml",
]  # fmt: skip
NOTICED, ELSEWHERE = "noticed", "says the same on every database"
OUTCOMES = {0: "STAYED GREEN", 1: NOTICED, 5: ELSEWHERE}  # by what pytest ends with
ON_POSTGRESQL = ["-m", "not anywhere and not journey"]


def load_libraries() -> None:
    for name in LIBRARIES:
        try:
            import_module(name)
        except Exception:  # noqa: S112  it wants settings, or goes by another name now: the child loads it
            continue


def copied(to: Path) -> None:
    """What the repository holds, as it is now, with what is installed beside it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(LINKED):
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    for name in LINKED:
        if (ROOT / name).exists():
            (to / name).symlink_to((ROOT / name).resolve())
    # Some tests ask git what is in the repository.
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=to, check=True, capture_output=True)


def tried(protection: Protection, copy: Path, options: list[str]) -> tuple[str, str]:
    """What the test made of it, and what it says first."""
    path, said = copy / protection.file, copy / "var" / "said.txt"
    whole = path.read_text()
    path.write_text(protection.taken_out_of(whole))
    try:
        child = os.fork()
        if not child:
            _in_child([*protection.arguments, *options], copy, said)
        _, status = os.waitpid(child, 0)
    finally:
        path.write_text(whole)
    outcome = OUTCOMES.get(os.waitstatus_to_exitcode(status), "COULD NOT BE RUN")
    return outcome, complaint(said.read_text())


def _in_child(arguments: list[str], copy: Path, said: Path) -> None:
    """Never returns. It finds our modules in the copy alone."""
    ending = 70
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        ours = {one.stem for one in ROOT.iterdir()}
        for name in [name for name in sys.modules if name.partition(".")[0] in ours]:
            del sys.modules[name]
        sys.path[:] = [str(copy), *(one for one in sys.path if Path(one or ".").resolve() != ROOT)]
        os.chdir(copy)
        os.environ["PPG_VAR"] = str(copy / "var")
        ending = int(import_module("pytest").main(arguments))
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ending)


def complaint(said: str) -> str:
    lines = [line[2:].strip() for line in said.splitlines() if line.startswith("E  ")]
    return next(iter(lines), said.strip().rpartition("\n")[2])


def main(kind: str, numbers: list[int]) -> bool:
    chosen = [one for one in PROTECTIONS if not numbers or one.statement in numbers]
    came, began = Counter[str](), time.time()
    load_libraries()
    with tempfile.TemporaryDirectory(prefix="ppg-protections-") as folder, ExitStack() as stack:
        copy = Path(folder)
        copied(copy)
        (copy / "var").mkdir(exist_ok=True)
        if kind == "postgresql":
            os.environ["DATABASE_URL"] = stack.enter_context(postgresql())
        for protection in chosen:
            outcome, said = tried(protection, copy, ON_POSTGRESQL if kind == "postgresql" else [])
            came[outcome] += 1
            print(f"{protection.statement:2} {outcome}: {protection.what}", flush=True)
            print(f"   {protection.file}; {protection.test}\n   {' '.join(said.split())[:200]}", flush=True)
    seen = {one.statement for one in chosen}
    told = ", ".join(f"{n} {outcome}" for outcome, n in sorted(came.items()))
    print(f"{kind}: of {len(chosen)} {told}; {len(seen)} statements; {time.time() - began:.0f} s")
    return set(came) <= {NOTICED, ELSEWHERE}


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    kind = next((argument for argument in sys.argv[1:] if not argument.isdecimal()), "sqlite")
    sys.exit(0 if main(kind, numbers) else 1)
