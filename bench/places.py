"""Places by chance: every action about places as every role, in any order, on both databases.

    .venv/bin/python bench/places.py [20] [500] [sqlite|postgresql]

That many worlds of that many steps each. After each step the database is asked for a person too many, a place without
a clear check and two people together who are kept apart. Takes about fifteen seconds a world.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.machines import OF_OUR_OWN, ROOT, postgresql

TRIAL = "tests/caregivers/places/test_by_chance.py"


def main() -> int:
    worlds = sys.argv[1] if len(sys.argv) > 1 else "20"
    steps = sys.argv[2] if len(sys.argv) > 2 else "500"
    kinds = sys.argv[3:] or ["sqlite", "postgresql"]
    return max(run(kind, worlds, steps) for kind in kinds)


def run(kind: str, worlds: str, steps: str) -> int:
    settings = {name: value for name, value in os.environ.items() if name not in OF_OUR_OWN}
    with tempfile.TemporaryDirectory() as folder, postgresql() if kind == "postgresql" else nullcontext() as url:
        figures = Path(folder) / "figures"
        figures.touch()
        settings |= {"PLACES_SEEDS": worlds, "PLACES_STEPS": steps, "PLACES_FIGURES": str(figures), "PPG_VAR": folder}
        if url:
            settings["DATABASE_URL"] = url
        workers = str(min(2, os.cpu_count() or 1))
        command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "-p", "no:cacheprovider", TRIAL]
        status = subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode
        rows = [[int(number) for number in line.split()] for line in figures.read_text().splitlines()]
    done, requests, given = (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0)
    print(
        f"{kind}: {len(rows)} of {worlds} worlds, {done} steps, {requests} requests, {given} places offered or given."
    )
    return status


if __name__ == "__main__":
    sys.exit(main())
