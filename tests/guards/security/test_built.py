"""How it is built and started: pinned, without secrets, nothing open that is closed in production."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import django
import pytest
from django.test import Client

from tests.guards.starts import many
from tests.guards.test_settings import environment_of

ROOT = Path(__file__).resolve().parents[3]
SERIES = (5, 2)  # supported until April 2028


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.anywhere
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_statement_41_every_package_is_pinned_with_its_hashes(name):
    """So pip takes nothing but what was looked at; and no line names another place to take it from."""
    lines = (ROOT / name).read_text().replace("\\\n", " ").splitlines()
    asked = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(asked) > 20
    assert not [
        line[:60] for line in asked if not re.match(r"[\w.\[\]-]+==[\w.+!-]+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]
    installs = [line for line in (ROOT / "script/lib.sh").read_text().splitlines() if "pip install" in line]
    assert [line for line in installs if "-r " in line and "--require-hashes" not in line] == []


@pytest.mark.anywhere
def test_statement_41_what_runs_is_the_series_that_is_supported_longest_and_what_is_pinned():
    """Django's long-term release, as it is pinned; whether there is a newer patch `script/check` asks the index."""
    pinned = re.search(r"^django==([\d.]+)", (ROOT / "requirements.txt").read_text(), re.M)
    assert pinned and pinned[1] == django.get_version()
    assert tuple(map(int, pinned[1].split(".")[:2])) == SERIES
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [one for one in asked if re.match(r"django[><=~]", one, re.I)]


SECRET = re.compile(
    r"-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\bxox[abp]-\w{10,}|\bgAAAAA[\w-]{60,}"
    r"|\b(?:postgres|smtp|smtps)://[\w.-]+:(?!password@|key@|secret@|\{|%|\$)[\w%]{12,}@"
)
NO_FILES = re.compile(r"(^|/)(\.env|id_rsa|.*\.(pem|key|p12|sqlite3?|backup|dump))$")


@pytest.mark.anywhere
def test_statement_41_no_secret_lies_in_the_repository():
    """No key, no password, no database, no backup."""
    files = tracked()
    assert len(files) > 500
    assert not [str(one.relative_to(ROOT)) for one in files if NO_FILES.search(str(one.relative_to(ROOT)))]
    own = Path(__file__)
    found = {
        str(one.relative_to(ROOT)): hit[0][:30]
        for one in files
        if one != own and (hit := SECRET.search(one.read_text(errors="ignore")))
    }
    assert not found


def test_statement_41_production_has_no_debugging_and_none_can_be_switched_on(tmp_path):
    """Where somebody tries, it does not start and says why."""
    plain, tried = many([environment_of({}, tmp_path), environment_of({"DEBUG": "1"}, tmp_path)])
    assert json.loads(plain.stdout)["DEBUG"] is False
    assert tried.code != 0 and "DEBUG" in tried.stderr


@pytest.mark.django_db
def test_statement_41_no_debugging_page_and_no_admin_is_reachable(settings):
    """Nor any address that a scanner asks first."""
    urls = ("/admin/", "/__debug__/", "/.env", "/.git/config", "/static/../ppg/settings.py", "/media/", "/metrics")
    assert {url: Client().get(url).status_code for url in urls} == dict.fromkeys(urls, 404)
    assert not {one for one in settings.INSTALLED_APPS if "debug" in one or one.endswith(".admin")}
