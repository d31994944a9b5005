"""Production refuses to start half set up, and says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).resolve().parents[2]
WHOLE = {
    "PPG_MODE": "production",
    "SECRET_KEY": "a-long-enough-key-that-nobody-could-ever-guess-0123456789-abcdefghij",
    "PPG_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "groups.example.gov.uk",
    "PPG_EMAIL_URL": "smtp://mail.example.gov.uk:587",
}


def start(tmp_path: Path, changes: dict[str, str | None]) -> subprocess.CompletedProcess[str]:
    wanted = {"PATH": os.environ["PATH"], "PPG_VAR": str(tmp_path), **WHOLE, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_whole_set_of_variables_starts_and_the_deployment_check_is_silent(tmp_path):
    done = start(tmp_path, {})
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"PPG_KEYS": None}, "PPG_KEYS is not set"),
        ({"PPG_EMAIL_URL": None}, "PPG_EMAIL_URL is not set"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is open"),
        ({"DEBUG": "1"}, "DEBUG is set"),
        ({"PPG_MODE": "prod"}, 'PPG_MODE is "prod"'),
    ],
)
def test_what_is_missing_or_open_is_named(tmp_path, changes, named):
    done = start(tmp_path, changes)
    assert done.returncode != 0 and named in done.stderr
