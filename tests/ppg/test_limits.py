"""Who counts as one visitor, and how often they may."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import RequestFactory
from django.utils import timezone

from ppg import limits
from ppg.limits import Rule, count_in_memory, network, too_many
from ppg.management.commands.worker import SWEEPS
from ppg.models import Limit

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 10, 12, 0, 30, tzinfo=UTC)
SLOW = Rule("slow", 5)


def request_from(address: str):
    return RequestFactory().get("/", REMOTE_ADDR=address)


def after(**moved: int) -> datetime:
    return NOW + timedelta(**moved)


# --- One visitor ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1:4711", "192.0.2.1:4712", True),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2:ffff::2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("[2001:db8:1:2::1]:4711", "2001:db8:1:2::9", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("no address", "another", False),
        ("", "", True),
    ],
)
def test_what_counts_as_one_network(first, second, same):
    assert (network(request_from(first)) == network(request_from(second))) is same


# --- Within a window -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_network_and_each_thing_has_its_own_count(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def ask(address: str, name: str = "try") -> bool:
        return too_many(request_from(address), name, most=2, seconds=600)

    assert [ask("192.0.2.1") for _ in range(3)] == [False, False, True]
    assert ask("192.0.2.2") is False
    assert ask("192.0.2.1", "another") is False
    monkeypatch.setattr(timezone, "now", lambda: after(minutes=10))
    assert ask("192.0.2.1") is False


@pytest.mark.django_db
def test_a_wait_lasts_to_the_end_of_the_window_and_says_how_long():
    def spend(**moved):
        return limits.spend("try", "me", most=1, seconds=600, now=after(**moved))

    assert spend() is None
    assert spend() == limits.Wait(570)
    assert spend(minutes=9) == limits.Wait(30)
    assert limits.Wait(570).sentence == "Too many tries. Wait 10 minutes, then try again."
    assert limits.Wait(30).sentence == "Too many tries. Wait 1 minute, then try again."
    assert spend(seconds=570) is None


@pytest.mark.django_db
def test_looking_whether_it_is_used_up_counts_nothing():
    def look():
        return limits.used_up("try", "me", most=2, seconds=600, now=NOW)

    assert not look() and not Limit.objects.exists()
    limits.spend("try", "me", most=2, seconds=600, now=NOW)
    assert not look()
    limits.spend("try", "me", most=2, seconds=600, now=NOW)
    assert look()


# --- Slower and slower ---------------------------------------------------------------------------------


def waits(moment: datetime, *parts: str, rule: Rule = SLOW) -> int:
    wait = limits.spend_slowly((rule, parts or ("me",)), now=moment)
    return wait.seconds if wait else 0


@pytest.mark.django_db
def test_waits_begin_after_the_last_free_try_then_rise_and_end():
    assert [waits(NOW) for _ in range(5)] == [0] * 5
    assert waits(NOW) == 60
    assert waits(after(seconds=59)) == 1
    assert waits(after(seconds=60)) == 0
    assert waits(after(seconds=60)) == 300
    assert waits(after(seconds=360)) == 0
    for times in range(4):  # 15 minutes at most, however many there were
        moment = after(seconds=360 + 900 * times)
        assert waits(moment) == 900
        assert waits(moment + timedelta(seconds=900)) == 0


@pytest.mark.django_db
def test_the_first_may_be_the_last_free_one():
    one = Rule("one", 1)
    assert [waits(NOW, rule=one), waits(NOW, rule=one)] == [0, 60]


@pytest.mark.django_db
def test_whoever_knocks_while_waiting_does_not_wait_longer():
    for _ in range(50):
        waits(NOW)
    assert Limit.objects.get().count == 5
    assert waits(after(seconds=60)) == 0


@pytest.mark.django_db
def test_a_new_day_begins_anew_under_another_key():
    for _ in range(6):
        waits(NOW)
    assert waits(after(days=1)) == 0
    assert Limit.objects.count() == 2


@pytest.mark.django_db
def test_a_right_try_is_given_back_and_leaves_no_wait():
    for _ in range(5):
        waits(NOW)
    limits.give_back(SLOW, "me", now=NOW)
    assert Limit.objects.get().count == 4
    assert [waits(NOW), waits(NOW)] == [0, 60]
    limits.forget(SLOW, "me", now=NOW)
    assert not Limit.objects.exists()


@pytest.mark.django_db
def test_of_several_rules_all_count_or_none_and_the_longest_wait_is_said():
    wide, narrow = Rule("wide", 3, (10, 10, 10)), Rule("narrow", 2)
    both = (wide, ("everybody",)), (narrow, ("me",))
    assert [limits.spend_slowly(*both, now=NOW) for _ in range(2)] == [None, None]
    assert limits.spend_slowly(*both, now=NOW).seconds == 60
    assert [waits(NOW, "everybody", rule=wide) for _ in range(2)] == [0, 10], "a refused try counted in the wide one"
    assert limits.spend_slowly(*both, now=NOW).seconds == 60


# --- The table -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_address_is_kept_as_it_is():
    too_many(request_from("192.0.2.77"), "try", most=2, seconds=600)
    assert "192.0.2.77" not in repr(list(Limit.objects.values()))


@pytest.mark.django_db
def test_a_row_can_be_made_only_with_the_secret_and_is_another_in_the_next_window(settings):
    keys = set()
    for secret, moment in (("one", NOW), ("other", NOW), ("one", after(minutes=10))):
        settings.SECRET_KEY = secret
        limits.spend("try", "192.0.2.1", most=2, seconds=600, now=moment)
        keys |= set(Limit.objects.values_list("key", flat=True))
    assert len(keys) == 3


@pytest.mark.django_db
def test_a_row_says_of_time_no_more_than_its_window():
    limits.spend("try", "me", most=2, seconds=600, now=NOW)
    assert Limit.objects.get().until == datetime(2026, 3, 10, 12, 10, tzinfo=UTC).timestamp()
    assert Limit.objects.get().free_at == 0


@pytest.mark.django_db
def test_an_answer_that_is_anonymous_leaves_no_row():
    assert [count_in_memory("sheet", "192.0.2.1", seconds=600).count for _ in range(2)] == [1, 2]
    assert not Limit.objects.exists()


@pytest.mark.django_db
def test_filling_the_cache_changes_nothing(settings):
    """The cache in the database throws out what it likes from 300 entries on: allauth's limits lay there."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ppg_cache"}}
    call_command("createcachetable", verbosity=0)
    for _ in range(5):
        waits(NOW)
    cache = caches["default"]
    cache.set("before", "x")
    for number in range(1_000):
        cache.set(f"filled-{number}", "x")
    assert cache.get("before") is None, "the cache was not filled"
    assert waits(NOW) == 60


@pytest.mark.django_db
def test_what_is_over_is_swept_and_what_is_not_stays(monkeypatch):
    monkeypatch.setattr(limits, "ROWS_AT_ONCE", 2)
    for number in range(5):
        limits.spend("over", str(number), most=1, seconds=600, now=NOW)
    waits(NOW)
    assert limits.sweep(after(minutes=9)) == 0
    assert limits.sweep(after(minutes=10)) == 5
    assert waits(NOW) == 0 and Limit.objects.get().count == 2
    assert limits.sweep(after(days=1)) == 1


def test_the_worker_sweeps():
    assert limits.sweep in SWEEPS


@pytest.mark.django_db(transaction=True)
def test_it_cannot_be_taken_back_with_the_rest_of_a_request():
    """Inside a transaction it refuses to count at all: a rollback would undo the count."""
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.spend("try", "me", most=1, seconds=600)
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.spend_slowly((SLOW, ("me",)))


# --- Many at once --------------------------------------------------------------------------------------


def at_once(threads: int, call) -> list:
    start = threading.Barrier(threads)

    def run(_number: int):
        start.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_exactly_so_many_get_through():
    results = at_once(20, lambda: limits.spend("race", "me", most=7, seconds=600, now=NOW))
    assert results.count(None) == 7
    assert Limit.objects.get().count == 20


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_no_more_than_the_free_ones_are_tried():
    def attempt():
        return limits.spend_slowly((Rule("all", 100), ("everybody",)), (SLOW, ("me",)), now=NOW)

    assert at_once(20, attempt).count(None) == 5
    assert sorted(Limit.objects.values_list("count", flat=True)) == [5, 5]


@pytest.mark.django_db(transaction=True)
def test_looked_up_first_and_saved_afterwards_the_same_race_loses_counts():
    """Shows that the two tests above can fail."""
    Limit.objects.create(key="race", count=0, until=0)

    def look_then_save() -> None:
        row = Limit.objects.get(key="race")
        time.sleep(0.05)
        row.count += 1
        row.save()

    at_once(20, look_then_save)
    assert Limit.objects.get(key="race").count < 20


ANOTHER_PROCESS = """
import django, json, sys
django.setup()
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from django.db import connection
from ppg import limits

def count(_number):
    found = [limits.spend("race", "me", most=70, seconds=600, now=NOW) is None for _ in range(10)]
    connection.close()
    return sum(found)

NOW = datetime.fromisoformat(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(5) as pool:
    print(json.dumps(sum(pool.map(count, range(5)))))
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(settings):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": url_of_database(),
        "SECRET_KEY": settings.SECRET_KEY,
        "PPG_KEYS": ",".join(settings.FIELD_KEYS),
    }
    command = [sys.executable, "-c", ANOTHER_PROCESS, NOW.isoformat()]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT, "env": environment}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for one in both:
        assert one.stdout.readline() == "ready\n"
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    through = [json.loads(one.communicate(timeout=60)[0]) for one in both]
    assert sum(through) == 70
    assert Limit.objects.get().count == 100


def url_of_database() -> str:
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}@{quote(at['HOST'], safe='')}/{at['NAME']}"
