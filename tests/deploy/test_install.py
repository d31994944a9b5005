"""`deploy/install --root DIR` into an empty folder: what is there afterwards, and what is refused in a sentence."""

from __future__ import annotations

import ast
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.deploy.installed import CHECKOUT, HOST, MAIL, UNITS, below, install, unit, variables
from tests.guards import starts
from tests.tls import certificate

pytestmark = pytest.mark.real_clock  # Caddy and the installer have the machine's own

SERVICES = ["ppg-web.service", "ppg-worker.service", "ppg-proxy.service"]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def release(root: Path) -> Path:
    return (root / "opt/ppg/current").resolve()


# --- What is there ----------------------------------------------------------------------------------------


def test_the_code_is_what_is_committed_and_its_name_says_which(folder):
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert release(folder).name.startswith(commit.stdout.strip())
    assert (release(folder) / "manage.py").read_bytes() == (CHECKOUT / "manage.py").read_bytes()
    assert (release(folder) / "static/vendor/govuk/govuk-frontend.min.css").exists()
    assert not (release(folder) / "var").exists() and not (release(folder) / ".git").exists()


def test_nobody_but_the_service_and_root_reads_a_secret(folder):
    assert mode(folder / "etc/ppg/environment") == 0o640
    assert mode(folder / "etc/ppg/key.pem") == 0o600
    assert mode(folder / "var/lib/ppg") == 0o770  # its group is the owner of the tables, and nobody else
    keys = [value for name, value in variables(folder, "ppg-web.service").items() if name.endswith(("KEY", "KEYS"))]
    assert len(keys) == 3
    readable = [path for path in folder.rglob("*") if path.is_file() and mode(path) & 0o004]
    assert len(readable) > 500
    assert not [path for path in readable if any(key in path.read_text(errors="ignore") for key in keys)]


def test_the_service_cannot_write_to_its_code(folder):
    writable = [path for path in release(folder).rglob("*") if not path.is_symlink() and mode(path) & 0o022]
    assert writable == []


def test_its_settings_start_production_without_a_warning(folder):
    [ended] = starts.many([variables(folder, "ppg-web.service")], "check", "--deploy", "--fail-level", "WARNING")
    assert ended.code == 0, ended.stderr
    assert "no issues" in ended.stdout


def read_by_the_settings() -> set[str]:
    tree = ast.parse((CHECKOUT / "ppg/settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "env.read"]
    return {ast.literal_eval(call.args[0]) for call in calls}


def test_the_template_names_every_variable_that_the_settings_read():
    named = set(re.findall(r"^#?([A-Z_]+)=", (CHECKOUT / "deploy/environment").read_text(), re.M))
    assert read_by_the_settings() - named == {"DEBUG"}, "Name it in deploy/environment, with a sentence."
    assert named - read_by_the_settings() == {"WEB_CONCURRENCY"}, "Nothing reads it: take it out of deploy/environment."


# --- Units and the proxy's file ----------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here: apt-get install systemd")
def test_systemd_finds_nothing_wrong_with_the_units(folder, tmp_path):
    """It looks for the programs of ExecStart too, so they are named where they lie here."""
    for file in (folder / UNITS).iterdir():
        (tmp_path / file.name).write_text(below(folder, file.read_text()))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in done.stderr.splitlines() if "ppg-" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_no_more_than_it_has_to(folder, name):
    says = unit(folder, name)
    assert says["User"] == ["caddy" if name == "ppg-proxy.service" else "ppg"]
    assert says["ReadWritePaths"] == ["/var/lib/caddy" if name == "ppg-proxy.service" else "/var/lib/ppg"]
    assert says["CapabilityBoundingSet"] == ["CAP_NET_BIND_SERVICE" if name == "ppg-proxy.service" else ""]
    wanted = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "PrivateTmp": "yes"}
    assert {directive: says[directive] for directive in wanted} == {name: [value] for name, value in wanted.items()}
    assert says["UMask"] == ["0077" if name == "ppg-proxy.service" else "0007"]
    assert says["Restart"] == ["always"]


def test_requests_wait_in_a_socket_that_stays_open_while_the_web_server_starts_again(folder):
    assert unit(folder, "ppg-web.service")["Requires"] == ["ppg-web.socket"]
    assert unit(folder, "ppg-web.socket")["ListenStream"] == ["/run/ppg/web.sock"]
    assert unit(folder, "ppg-web.socket")["SocketMode"] == ["0660"]


def test_caddy_finds_nothing_wrong_with_its_file(folder):
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", release(folder) / "deploy/Caddyfile"],
        env=variables(folder, "ppg-proxy.service"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "not formatted" not in done.stderr, "caddy fmt --overwrite deploy/Caddyfile repairs it."


@pytest.mark.parametrize("certificate_line", ["", "PPG_CERTIFICATE=internal"], ids=["by ACME", "its own"])
def test_caddy_gets_a_certificate_where_the_council_gives_none(folder, certificate_line):
    variables_here = dict(line.split("=", 1) for line in [f"PPG_HOSTS={HOST}", certificate_line] if line)
    done = subprocess.run(
        ["caddy", "adapt", "--adapter", "caddyfile", "--config", release(folder) / "deploy/Caddyfile"],
        env={"PATH": "/usr/bin:/bin", **variables_here},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ('"module":"internal"' in done.stdout) == bool(certificate_line)
    assert "load_files" not in done.stdout


# --- Run again ------------------------------------------------------------------------------------------------


def test_run_again_it_changes_no_key_and_no_setting(folder):
    before = (folder / "etc/ppg/environment").read_bytes(), (folder / "etc/ppg/proxy").read_bytes()
    done = install(folder)
    assert done.returncode == 0, done.stderr
    assert before == ((folder / "etc/ppg/environment").read_bytes(), (folder / "etc/ppg/proxy").read_bytes())
    assert "Putting" not in done.stderr and "keys" not in done.stderr


def test_a_machine_for_one_part_gets_that_one_only(tmp_path, folder):
    """The settings are those of the first machine: with other keys it could not read what is there."""
    (tmp_path / "copied").write_bytes((folder / "etc/ppg/environment").read_bytes())
    done = install(tmp_path / "worker", "--parts", "worker", "--environment", str(tmp_path / "copied"))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "worker" / UNITS).iterdir()] == ["ppg-worker.service"]
    made = tmp_path / "worker/etc/ppg/environment"
    assert made.read_bytes() == (folder / "etc/ppg/environment").read_bytes() and mode(made) == 0o640


def test_a_service_may_write_where_backups_and_the_ledger_go_and_no_more_once_they_go_elsewhere(tmp_path, folder):
    settings = (folder / "etc/ppg/environment").read_text()
    lines = [line for line in settings.splitlines() if not line.startswith("PPG_LEDGER")]
    elsewhere = [*lines, "PPG_BACKUPS=/mnt/copies of ours", "PPG_LEDGER=/mnt/ledger/erased.txt"]
    (tmp_path / "copied").write_text("\n".join(elsewhere))
    root = tmp_path / "worker"
    done = install(root, "--parts", "worker", "--environment", str(tmp_path / "copied"))
    assert done.returncode == 0, done.stderr
    added = root / UNITS / "ppg-worker.service.d/folders.conf"
    writable = [line for line in added.read_text().splitlines() if not line.startswith("#")]
    assert writable == ["[Service]", 'ReadWritePaths="-/mnt/copies of ours"', 'ReadWritePaths="-/mnt/ledger"']

    (root / "etc/ppg/environment").write_text(settings)
    assert install(root).returncode == 0 and not added.exists()


def test_a_database_elsewhere_may_be_named_by_a_variable(tmp_path):
    """Its password would stand on the command line otherwise, for everybody on the machine to read."""
    elsewhere = "postgres://groups:hush@db.council.example/groups"
    done = install(tmp_path, *GIVEN, DATABASE_URL=elsewhere, **MAIL)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "etc/ppg/parts").read_text().split() == ["web", "worker"]
    assert f"DATABASE_URL={elsewhere}\n" in (tmp_path / "etc/ppg/environment").read_text()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"pa\ss\\word", r"pass\word"),
        (r'"a \"quoted\" \n\\"', r'a "quoted" \n' + "\\"),
        (r"'as \it stands'", r"as \it stands"),
        ("   behind blanks  ", "behind blanks"),
        ("it's $HOME `id` # all of it", "it's $HOME `id` # all of it"),
    ],
)
def test_a_value_is_read_as_systemd_reads_it(tmp_path, written, read):
    """Otherwise a command would try another password than the services have."""
    (tmp_path / "file").write_text(f"VALUE={written}\n")
    script = f'. {CHECKOUT}/deploy/lib.sh; settings {tmp_path}/file; printf %s "$VALUE"'
    done = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == read


# --- Refused in a sentence, before anything is done ----------------------------------------------------------

GIVEN = ["--host", HOST]


@pytest.mark.parametrize(
    ("options", "variables", "sentences"),
    [
        ([], {}, ["--host groups.council.example", "Set PPG_EMAIL_URL", "Set PPG_EMAIL_FROM"]),
        (["--host"], MAIL, ["--host needs a value after it."]),
        (["--hots", HOST], MAIL, ["--hots is no option"]),
        ([*GIVEN, "--certificate", "/nowhere/a.pem"], MAIL, ["cannot be read", "go together"]),
        ([*GIVEN, "--parts", "web,mail"], MAIL, ["mail is no part"]),
        ([*GIVEN, "--environment", "/nowhere/a"], MAIL, ["/nowhere/a cannot be read."]),
    ],
)
def test_what_is_missing_or_unfit_is_said_before_anything_is_done(tmp_path, options, variables, sentences):
    done = install(tmp_path / "server", *options, **variables)
    assert done.returncode == 1
    assert [sentence for sentence in sentences if sentence not in done.stderr] == []
    assert not (tmp_path / "server/opt").exists()


@pytest.mark.parametrize(
    ("hosts", "days", "other_key", "sentence"),
    [
        (["elsewhere.council.example"], 1, False, f"does not name {HOST}."),
        ([HOST], -1, False, "ran out on"),
        ([HOST], 1, True, "is not the key of"),
    ],
)
def test_a_certificate_that_does_not_do_is_refused(tmp_path, folder, hosts, days, other_key, sentence):
    signed, key = certificate(tmp_path, *hosts, days=days)
    if other_key:
        (tmp_path / "other").mkdir()
        key = certificate(tmp_path / "other", *hosts)[1]
    done = subprocess.run(
        [release(folder) / ".venv/bin/python", CHECKOUT / "deploy/certificate.py", signed, key, HOST],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and sentence in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_certificate_for_every_name_of_a_domain_does(tmp_path, folder):
    signed, key = certificate(tmp_path, "*.council.example")
    done = [release(folder) / ".venv/bin/python", CHECKOUT / "deploy/certificate.py", signed, key, HOST]
    subprocess.run(done, check=True)
