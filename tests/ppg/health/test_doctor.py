"""`manage.py doctor` says all of it in sentences, ends with an error where something does not work, works where the
database is away or the settings are unfit, and never prints a secret."""

from __future__ import annotations

import os
import secrets
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command

from ppg import health
from ppg.health import server, work
from tests.guards import starts
from tests.hooks import only

PASSWORD, KEY = "Tr0ub4dor-and-3", Fernet.generate_key().decode()
WHOLE = {
    "PATH": os.environ["PATH"],
    "PPG_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "PPG_KEYS": KEY,
    "ALLOWED_HOSTS": "groups.example.gov.uk",
    "PPG_PROXIES": "1",
    "PPG_EMAIL_URL": f"smtps://groups:{PASSWORD}@127.0.0.1:1",
    "PPG_EMAIL_FROM": "groups@example.gov.uk",
}


def run() -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as end:
        code = int(end.code)
    return code, out.getvalue()


@pytest.fixture
def one_check(monkeypatch):
    """Only these findings: `one_check(health.fault(…))`."""

    def are(*findings: health.Finding) -> None:
        checks = [
            health.Check(f"check {number}", f"Thing {number}", lambda now, finding=finding: finding, database=False)
            for number, finding in enumerate(findings, start=1)
        ]
        only(monkeypatch, health.checks, *checks)

    return are


def test_where_all_is_well_it_says_so_and_ends_well(one_check):
    one_check(health.good("It is fine."), health.good("This too."))
    assert run() == (0, "Good     Thing 1: It is fine.\nGood     Thing 2: This too.\n\nAll is well.\n")


def test_a_warning_is_no_error(one_check):
    one_check(health.good("It is fine."), health.warning("It is late.", "Hurry."))
    code, said = run()
    assert code == 0 and "Warning  Thing 2: It is late.\n         What to do: Hurry.\n" in said
    assert said.endswith("\n1 warning.\n")


def test_a_fault_is_one(one_check):
    one_check(health.fault("It is broken.", "Mend it."), health.fault("It too.", "So."), health.warning("Late.", "Go."))
    code, said = run()
    assert code == 1 and "FAULT    Thing 1: It is broken.\n" in said and said.endswith("\n2 faults, 1 warning.\n")


@pytest.mark.django_db
def test_it_looks_at_everything_there_is(beating, planted, monkeypatch):
    monkeypatch.setattr(server, "is_kept_right", lambda: True)
    monkeypatch.setattr(work, "backup_is_fresh", lambda now: health.good("x"))
    code, said = run()
    assert code == 0
    for check in health.checks:
        assert f"  {check.label}: " in said
    for what in ("Settings", "Database", "Keys", "Cache", "Worker", "Mail server", "Fonts", "Disk", "Backup", "Clock"):
        assert what in said
    assert len(health.checks) >= 17


@pytest.mark.django_db
def test_where_migrations_are_missing_what_rests_on_them_is_not_looked_at(monkeypatch):
    from ppg.health import database

    monkeypatch.setattr(database, "known_migrations", lambda: frozenset({("ppg", "9999_next")}))
    code, said = run()
    assert code == 1 and "Not looked at, because of the fault in “Changes of the database”: Keys, " in said
    assert "Worker: " not in said and "Fonts: " in said


# --- As a technician starts it ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ends(tmp_path_factory) -> dict[str, starts.Ended]:
    folder = tmp_path_factory.mktemp("var")
    address = f"postgres://groups:{PASSWORD}@127.0.0.1:1/groups"
    environments = {
        "database away": WHOLE | {"DATABASE_URL": address, "PPG_VAR": str(folder)},
        "unfit": WHOLE | {"PPG_VAR": str(folder), "SECRET_KEY": PASSWORD, "ALLOWED_HOSTS": "*"},
    }
    return dict(zip(environments, starts.many(environments.values(), "doctor"), strict=True))


def test_where_the_database_is_away_it_says_so_and_looks_at_the_rest(ends):
    ended = ends["database away"]
    assert ended.code == 1 and not ended.stderr
    assert "FAULT    Database: It does not answer. Nothing listens at that address." in ended.stdout
    assert "Not looked at, because of the fault in “Database”: " in ended.stdout
    assert "FAULT    Mail server: Nothing listens at that address." in ended.stdout
    assert "Good     Settings: Every variable is fit for production." in ended.stdout
    assert "Fonts: " in ended.stdout and "Disk space: " in ended.stdout and "Styles and scripts: " in ended.stdout


def test_where_the_settings_are_unfit_it_says_which(ends):
    ended = ends["unfit"]
    assert ended.code == 1 and "FAULT    Settings: they are unfit" in ended.stderr
    assert "SECRET_KEY has fewer than 50 characters." in ended.stderr and "ALLOWED_HOSTS is open" in ended.stderr


def test_no_secret_is_printed(ends):
    for ended in ends.values():
        printed = ended.stdout + ended.stderr
        assert not any(secret in printed for secret in (PASSWORD, KEY, WHOLE["SECRET_KEY"]))
        assert "Traceback" not in printed
