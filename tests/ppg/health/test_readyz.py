"""/healthz says that the process answers, /readyz whether it may be sent visitors; neither tells a stranger more."""

from __future__ import annotations

import threading
import time

import pytest
from cryptography.fernet import Fernet
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from ppg.health import readiness
from ppg.models import Canary

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(stranger: Client):
    """(status, sentences), looked at anew."""

    def ask() -> tuple[int, list[str]]:
        readiness.forget()
        answer = stranger.get("/readyz")
        assert answer["Content-Type"] == "text/plain"
        return answer.status_code, answer.text.splitlines()

    return ask


def test_it_is_ready_where_all_is_well(ready, planted, beating):
    assert ready() == (200, ["ok"])


def test_threads_that_are_asked_at_once_share_one_look(monkeypatch):
    """However slow the database is: each would otherwise ask it the same."""
    looks = []

    def look():
        looks.append(threading.get_ident())
        time.sleep(0.1)
        yield from ()

    monkeypatch.setattr(readiness, "_look", look)
    readiness.forget()
    asking = [threading.Thread(target=readiness.faults) for _ in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    readiness.forget()
    assert len(looks) == 1


def test_before_migrations_it_is_not_ready(ready, planted, beating):
    MigrationRecorder.Migration.objects.filter(app="ppg", name="0010_health").delete()
    assert ready() == (503, ["The database is not up to date."])


def test_a_newer_database_is_served_as_during_an_upgrade(ready, planted, beating):
    MigrationRecorder.Migration.objects.create(app="ppg", name="9999_of_the_next_version")
    assert ready() == (200, ["ok"])


def test_with_a_wrong_key_it_is_not_ready(ready, beating, other_keys):
    assert ready() == (503, ["The keys do not fit what is stored."])


def test_with_a_new_key_in_front_of_the_old_one_it_is_ready(ready, planted, beating, settings):
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert ready() == (200, ["ok"])


def test_where_nothing_says_whether_the_key_fits_it_is_not_ready(ready, beating):
    Canary.objects.all().delete()
    assert ready() == (503, ["The keys do not fit what is stored."])


def test_without_the_caches_table_it_is_not_ready(ready, planted, beating, settings):
    backend = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "no_such_table"}
    settings.CACHES = settings.CACHES | {"another": backend}
    assert caches["another"]
    assert ready() == (503, ["The table of the cache is missing."])


def test_without_a_worker_it_is_not_ready(ready, planted):
    assert ready() == (503, ["No worker has been heard of for two minutes."])


@pytest.mark.parametrize(("seconds", "status"), [(110, 200), (130, 503)])
def test_a_heartbeat_counts_for_two_minutes(ready, planted, heard, seconds, status):
    heard(seconds=seconds)
    assert ready()[0] == status


def test_one_worker_of_several_is_enough(ready, planted, heard):
    heard("web1", hours=3)
    heard("web2", seconds=1)
    assert ready()[0] == 200


def test_asking_fills_no_log(ready, planted, caplog):
    assert ready()[0] == 503
    assert not caplog.records


def test_each_fault_is_a_sentence(ready, other_keys):
    assert ready() == (
        503,
        ["The keys do not fit what is stored.", "No worker has been heard of for two minutes."],
    )


@pytest.mark.parametrize("kind", [DatabaseError, InterfaceError])
def test_a_database_that_is_away_is_said_and_no_more(ready, monkeypatch, kind):
    def away(*args):
        raise kind('connection to server at "db.council.example" failed for user "groups"')

    monkeypatch.setattr(connection, "cursor", away)
    assert ready() == (503, ["The database does not answer."])


# --- What it costs, and whom ---------------------------------------------------------------------------------


def test_however_often_somebody_asks_the_database_is_asked_once_in_five_seconds(
    stranger, planted, beating, django_assert_num_queries, monkeypatch
):
    readiness.forget()
    at = time.monotonic()
    monkeypatch.setattr(readiness.time, "monotonic", lambda: at)
    assert stranger.get("/readyz").status_code == 200
    with django_assert_num_queries(0):
        assert {stranger.get("/readyz").status_code for _ in range(20)} == {200}
    at += 6
    with django_assert_num_queries(4):
        stranger.get("/readyz")


def test_what_was_found_is_not_kept_longer(stranger, planted, beating, monkeypatch):
    assert stranger.get("/readyz").status_code == 200
    Canary.objects.all().delete()
    assert stranger.get("/readyz").status_code == 200
    later = time.monotonic() + 6
    monkeypatch.setattr(readiness.time, "monotonic", lambda: later)
    assert stranger.get("/readyz").status_code == 503


def test_alive_is_who_answers_whatever_the_database_does(stranger, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = stranger.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_both_are_only_read(stranger, address, planted, beating):
    assert stranger.get(address).status_code == 200
    assert stranger.head(address).status_code == 200
    assert stranger.post(address).status_code == 405


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_neither_says_what_runs_here(stranger, address, planted):
    answer = stranger.get(address)
    told = f"{answer.headers} {answer.text}".lower()
    for word in ("django", "python", "gunicorn", "postgres", "sqlite", "5.2", "0008", "/work", "cookie: s"):
        assert word not in told
    assert not answer.cookies
