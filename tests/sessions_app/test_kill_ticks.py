"""The web server is killed while the register is ticked: bench/kill_ticks.py, three kills on SQLite."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_acknowledged_tick_survives_the_death_of_the_server():
    command = [sys.executable, ROOT / "bench/kill_ticks.py", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sqlite: 3 kills" in done.stdout and "    0 lost\n" in done.stdout and "    0 doubled\n" in done.stdout
