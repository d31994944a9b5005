"""The web server is killed while the register is ticked: bench/kill_ticks.py, two kills on SQLite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
MEMORY = Path("/dev/shm")  # noqa: S108  noqa: S108 - a process that dies leaves a file in memory as it leaves one on disk, and it is quicker


@pytest.mark.real_clock
def test_every_acknowledged_tick_survives_the_death_of_the_server():
    command = [sys.executable, ROOT / "bench/kill_ticks.py", "2", "sqlite"]
    place = {"TMPDIR": str(MEMORY)} if MEMORY.is_dir() else {}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "sqlite: 2 kills" in done.stdout and "    0 lost\n" in done.stdout and "    0 doubled\n" in done.stdout
