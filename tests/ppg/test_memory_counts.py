"""Counts in memory without a name: shared by all processes of a machine, and held by nothing else."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ppg import memory_counts
from tests.ports import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
NOON = 20_000 * memory_counts.DAY + 43_200


def count(said: str = "me", moment: int = NOON, seconds: int = 600) -> int:
    return memory_counts.count(said, seconds=seconds, moment=moment).count


def test_each_has_a_count_of_its_own_in_each_window():
    assert [count(), count(), count("another"), count(seconds=memory_counts.DAY)] == [1, 2, 1, 1]
    assert [count(moment=NOON + 599), count(moment=NOON + 600)] == [3, 1]


def test_when_the_day_is_over_nothing_of_it_is_left_not_even_the_salt():
    count()
    kept = bytes(memory_counts._memory)
    assert count(moment=NOON + memory_counts.DAY) == 1
    salt, keys = kept[4:36], {kept[at : at + 16] for at in used(kept)}
    now = bytes(memory_counts._memory)
    assert len(keys) == 1 and salt not in now and not any(key in now for key in keys)


def test_who_tries_more_often_than_can_be_counted_stays_at_the_highest_count():
    count()
    (at,) = used(bytes(memory_counts._memory))
    key, _counted, until = memory_counts.SLOT.unpack_from(memory_counts._memory, at)
    memory_counts.SLOT.pack_into(memory_counts._memory, at, key, 2**32 - 1, until)
    assert [count(), count()] == [2**32, 2**32], "and none of them starts again at one"


def used(memory: bytes) -> list[int]:
    places = range(memory_counts.HEAD.size, len(memory), memory_counts.SLOT.size)
    return [at for at in places if any(memory[at : at + 16])]


def test_what_is_counted_stands_nowhere_as_it_is():
    count("192.0.2.77")
    assert b"192.0.2.77" not in bytes(memory_counts._memory)


def test_a_flood_from_more_networks_than_fit_forgets_those_that_sent_least(monkeypatch):
    monkeypatch.setattr(memory_counts, "SLOTS", memory_counts.BESIDE)
    for _ in range(50):
        count("the one that floods")
    for number in range(1_000):
        count(f"network {number}")
    assert count("the one that floods") == 51


def test_the_chance_of_a_key_stays_for_its_window_and_is_another_in_the_next():
    def chance(said: str, moment: int = NOON) -> int:
        return memory_counts.count(said, seconds=600, moment=moment).chance

    assert chance("me") == chance("me")
    assert len({chance(str(number)) for number in range(50)}) > 20
    assert len({chance("me", NOON + 600 * number) for number in range(50)}) > 20


def test_threads_at_once_lose_no_count():
    with ThreadPoolExecutor(20) as pool:
        counts = list(pool.map(lambda _number: count(), range(400)))
    assert sorted(counts) == list(range(1, 401))


FOUR_PROCESSES = """
import os, time
from ppg import memory_counts

look = memory_counts._slot_of

def slowly(*what):
    found = look(*what)
    time.sleep(0.002)  # between the look and the writing
    return found

memory_counts._slot_of = slowly
children = []
for _ in range(4):
    if not (child := os.fork()):
        for _ in range(25):
            memory_counts.count("me", seconds=600, moment=1_728_043_200)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
print(memory_counts.count("me", seconds=600, moment=1_728_043_200).count)
"""


def test_processes_at_once_lose_no_count():
    command = [sys.executable, "-c", FOUR_PROCESSES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "101\n"


APP = """
from os import getpid
from time import sleep

from ppg import memory_counts

def application(environ, start_response):
    sleep(0.01)  # so that another process takes the next one
    start_response("200 OK", [("X-Process", str(getpid()))])
    return [str(memory_counts.count("me", seconds=600, moment=1_728_043_200).count).encode()]
"""


@pytest.mark.real_clock
def test_all_processes_of_a_web_server_count_together(tmp_path):
    """Started as on a server: gunicorn reads the settings of its own that lie in the repository."""
    (tmp_path / "counting.py").write_text(APP)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "counting", "--bind", f"127.0.0.1:{port}", "--workers", "3"]
    options = ["--log-level", "critical", "--pythonpath", str(tmp_path), "--no-control-socket"]
    server = subprocess.Popen([*command, *options], cwd=ROOT)
    try:
        wait_for(port)
        answers: list[tuple[int, str]] = []
        with ThreadPoolExecutor(12) as pool:
            while len(answers) < 2_000 and len({process for _count, process in answers}) < 3:
                answers += pool.map(lambda _number: ask(port), range(60))
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert len({process for _count, process in answers}) == 3
    assert sorted(number for number, _process in answers) == list(range(1, len(answers) + 1))


def ask(port: int) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return int(answer.read()), answer.headers["X-Process"]
