"""The three engines: every main way in Chromium, Firefox and WebKit, and a table of what passes where.

    .venv/bin/python -m bench.engines [WAY ...]     all, or those whose names hold one of these words

Runs tests/journeys/test_engines.py with every way in every engine. An engine that is not there stands in the table as
such. Ten minutes on a busy machine, most of them for starting Firefox.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
JOURNEYS = "tests/journeys/test_engines.py"
ENGINES = ["chromium", "firefox", "webkit"]


def main() -> int:
    chosen = ["-k", " or ".join(sys.argv[1:])] if len(sys.argv) > 1 else []
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={results}"]
        command += [f"{JOURNEYS}::test_every_way", *chosen]
        status = subprocess.run(command, cwd=ROOT, env={**os.environ, "EVERY_WAY": "yes"}, check=False).returncode
        print(table(read(results)))
    return status


def read(results: Path) -> dict[str, dict[str, str]]:
    """Way → engine → what came of it."""
    outcomes: dict[str, dict[str, str]] = {}
    for case in ElementTree.parse(results).iter("testcase"):  # noqa: S314  written by pytest just now
        engine, _, way = case.attrib["name"].partition("[")[2].rstrip("]").partition("-")
        outcomes.setdefault(way, {})[engine] = came_of(case)
    return outcomes


def came_of(case: ElementTree.Element) -> str:
    for kind in ("failure", "error"):
        if (wrong := case.find(kind)) is not None:
            return f"differs: {wrong.attrib.get('message', '').splitlines()[0][:80]}"
    return "not here" if case.find("skipped") is not None else f"passes ({float(case.attrib['time']):.0f} s)"


def table(outcomes: dict[str, dict[str, str]]) -> str:
    lines = [f"| way | {' | '.join(ENGINES)} |", f"|---|{'---|' * len(ENGINES)}"]
    for way, engines in outcomes.items():
        cells = [engines.get(engine, "–").replace("|", "/") for engine in ENGINES]
        lines.append(f"| {way.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
