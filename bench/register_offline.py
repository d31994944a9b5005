"""The register offline, by chance: sequences of ticks, cuts, reloads, frozen pages, lost answers and errors.

    .venv/bin/python bench/register_offline.py [100]

Runs the journey of tests/journeys/test_register_offline.py with that many seeds and adds up: what was ticked on the
screens, what the server holds, what was lost or doubled. Takes about eight seconds a sequence.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
JOURNEY = "tests/journeys/test_register_offline.py::test_whatever_happens_the_server_holds_what_the_screen_said"


def main() -> int:
    sequences = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        figures.touch()
        settings = {"REGISTER_SEQUENCES": str(sequences), "REGISTER_FIGURES": str(figures)}
        workers = str(min(2, os.cpu_count() or 1))
        command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider", JOURNEY]
        status = subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=False).returncode
        rows = [[int(number) for number in line.split()] for line in figures.read_text().splitlines()]
    ticked, held = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"{len(rows)} of {sequences} sequences ended as their screens said.")
    print(f"{ticked} ticks, {held} marks: {max(ticked - held, 0)} lost, {max(held - ticked, 0)} doubled.")
    return status or int(len(rows) != sequences)


if __name__ == "__main__":
    sys.exit(main())
