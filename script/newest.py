"""Say whether what the sign-in and every page rest on is pinned at its newest release: Django of its series, allauth.

Asks the package index that pip is set up with. What is behind is said loudly and fails nothing: a release that came out
this morning is no fault of the commit that is looked at. Where the index does not answer, that is said.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
# Package → how many parts of its version are its series. allauth mends its newest alone.
SERIES = {"django": 2, "django-allauth": 1}


def versions(package: str) -> list[str]:
    """Those that the index has, the newest first; none where it does not answer within seconds."""
    ask = [sys.executable, "-m", "pip", "index", "versions", "--retries", "0", "--timeout", "5", package]
    try:
        done = subprocess.run(ask, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603  pip itself
    except subprocess.TimeoutExpired:
        return []
    found = re.search(r"^Available versions: (.+)$", done.stdout, re.M)
    return found[1].split(", ") if found else []


def verdict(package: str, pinned: str, there: list[str]) -> str:
    parts = SERIES[package]
    newest = next((one for one in there if one.split(".")[:parts] == pinned.split(".")[:parts]), "")
    if not there:
        return f"UNKNOWN {package} {pinned}: the package index does not answer, so nobody looked for a newer one"
    if not newest:
        return f"UNKNOWN {package} {pinned}: the package index has nothing of its series"
    if newest == pinned:
        return f"ok      {package} {pinned} is the newest"
    return (
        f"BEHIND  {package} {pinned}: {newest} is out. Read what it mends, then script/lock --upgrade-package {package}"
    )


def main() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==([\w.]+)", REQUIREMENTS.read_text(), re.M))
    for package in SERIES:
        print(verdict(package, pins[package], versions(package)), file=sys.stderr)


if __name__ == "__main__":
    main()
