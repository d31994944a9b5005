"""Nothing starts half set up or open: each fault of the environment is a sentence, and no secret is in it."""

from __future__ import annotations

import ast
import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from ppg import environment
from tests.guards import starts

ROOT = Path(__file__).resolve().parents[2]


def a_key() -> str:
    return Fernet.generate_key().decode()


KEY, PASSWORD = a_key(), "Tr0ub4dor-and-3"
NOTIFY = {
    "PPG_NOTIFY_KEY": "groups-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0",
    "PPG_NOTIFY_TEMPLATE": "f33517ff-2a88-4f6e-b855-c550268ce08a",
}
WHOLE = {
    "PPG_MODE": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "PPG_KEYS": KEY,
    "ALLOWED_HOSTS": "groups.example.gov.uk",
    "PPG_PROXIES": "1",
    "PPG_EMAIL_URL": f"smtp://groups:{PASSWORD}@mail.example.gov.uk:587",
    "PPG_EMAIL_FROM": "Groups <groups@example.gov.uk>",
}
FOLDER = "FOLDER"  # stands for the start's own folder

# What is changed, and the sentence that says so.
WRONG: list[tuple[dict[str, str | None], str]] = [
    # not there, or there and blank
    ({"SECRET_KEY": None}, "SECRET_KEY is not set. Make one: "),
    ({"PPG_KEYS": None}, "PPG_KEYS is not set. Make one: "),
    ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is not set. Name the hosts"),
    ({"PPG_PROXIES": None}, "PPG_PROXIES is not set. Say how many"),
    ({"PPG_EMAIL_URL": None}, "PPG_EMAIL_URL is not set. Name the mail server"),
    ({"PPG_EMAIL_FROM": None}, "PPG_EMAIL_FROM is not set. Name the sender"),
    ({"SECRET_KEY": ""}, "SECRET_KEY is set, but blank."),
    ({"PPG_KEYS": "  "}, "PPG_KEYS is set, but blank."),
    ({"PPG_MODE": ""}, "PPG_MODE is set, but blank."),
    ({"PPG_BACKUP_KEY": ""}, "PPG_BACKUP_KEY is set, but blank."),
    ({"PPG_LEDGER": ""}, "PPG_LEDGER is set, but blank."),
    ({"DATABASE_URL": ""}, "DATABASE_URL is set, but blank."),
    ({"DATABASE_URL": "$DATABASE"}, "DATABASE_URL begins with $"),
    ({"SECRET_KEY": " ${SECRET_KEY}"}, "SECRET_KEY begins with $"),
    # open
    ({"PPG_MODE": "prod"}, 'PPG_MODE is "prod". Set it to local or production.'),
    ({"DEBUG": "1"}, "DEBUG is set. Production does not run with it"),
    ({"DEBUG": "0"}, "DEBUG is set. Production does not run with it"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is open (*)."),
    ({"ALLOWED_HOSTS": "groups.example.gov.uk,*.example.gov.uk"}, "ALLOWED_HOSTS is open (*)."),
    ({"ALLOWED_HOSTS": ".example.gov.uk"}, 'ALLOWED_HOSTS holds ".example.gov.uk", which is every name'),
    # hosts that nobody reaches
    ({"ALLOWED_HOSTS": "groups.example.gov.uk,"}, "ALLOWED_HOSTS has a blank entry"),
    ({"ALLOWED_HOSTS": "https://groups.example.gov.uk"}, "which is no host's name"),
    ({"ALLOWED_HOSTS": "groups.example.gov.uk:443"}, "which is no host's name"),
    ({"ALLOWED_HOSTS": "groups.example.gov.uk/start"}, "which is no host's name"),
    ({"ALLOWED_HOSTS": "groups.example.gov.uk forms.example.gov.uk"}, "which is no host's name"),
    ({"ALLOWED_HOSTS": "[::zz],groups.example.gov.uk"}, "which is no host's name"),
    ({"ALLOWED_HOSTS": "a.example, A.example"}, "ALLOWED_HOSTS holds the same name twice."),
    ({"ALLOWED_HOSTS": "localhost,groups.example.gov.uk"}, 'ALLOWED_HOSTS begins with "localhost".'),
    # secrets that are none
    ({"SECRET_KEY": "short-and-sweet"}, "SECRET_KEY has fewer than 50 characters."),
    ({"SECRET_KEY": "abc" * 30}, "SECRET_KEY repeats the same few characters"),
    ({"SECRET_KEY": f"django-insecure-{secrets.token_hex(30)}"}, "SECRET_KEY is an example"),
    ({"SECRET_KEY": f"change-me-{secrets.token_hex(30)}"}, "SECRET_KEY is an example"),
    (
        {"SECRET_KEY": "a-long-enough-key-that-nobody-could-ever-guess-0123456789-abcdefghij"},  # once in these tests
        "SECRET_KEY is an example",
    ),
    ({"PPG_KEYS": "not-a-key"}, "PPG_KEYS is no Fernet key: 44 characters"),
    ({"PPG_KEYS": KEY[:-5] + "="}, "PPG_KEYS is no Fernet key: 44 characters"),
    ({"PPG_KEYS": f"{KEY},{KEY[1:]}"}, "PPG_KEYS (key 2 of 2) is no Fernet key"),
    ({"PPG_KEYS": f"{KEY},,{a_key()}"}, "PPG_KEYS has a blank entry"),
    ({"PPG_KEYS": f"{KEY}, {KEY}"}, "PPG_KEYS holds the same key twice."),
    ({"PPG_KEYS": "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4="}, "PPG_KEYS is a published example"),
    ({"PPG_KEYS": "A" * 43 + "="}, "PPG_KEYS was not made by chance"),
    ({"PPG_KEYS": "dGhpcyBpcyBteSBwYXNzcGhyYXNlIG9mIDMyIGxldHQ="}, "PPG_KEYS was not made by chance"),
    ({"PPG_BACKUP_KEY": "correct horse battery staple"}, "PPG_BACKUP_KEY is no Fernet key"),
    ({"PPG_BACKUP_KEY": "81HqDtbqAywKSOumSha3BhWNOdQ26slT6K0YaZeZyPs="}, "PPG_BACKUP_KEY is a published example"),
    # proxies
    ({"PPG_PROXIES": "one"}, 'PPG_PROXIES is "one". It is a number from 0 to 9.'),
    ({"PPG_PROXIES": "-1"}, 'PPG_PROXIES is "-1".'),
    ({"PPG_PROXIES": "8000"}, 'PPG_PROXIES is "8000".'),
    # the database
    ({"DATABASE_URL": "groups"}, "DATABASE_URL cannot be read as an address."),
    ({"DATABASE_URL": f"postgres://groups:{PASSWORD}@db:port/groups"}, "DATABASE_URL cannot be read as an address."),
    ({"DATABASE_URL": f"postgres://groups:{PASSWORD}#1@db/groups"}, "DATABASE_URL cannot be read as an address."),
    ({"DATABASE_URL": f"mysql://groups:{PASSWORD}@db/groups"}, "DATABASE_URL names a kind of database"),
    ({"DATABASE_URL": f"postgres://groups:{PASSWORD}@db"}, "DATABASE_URL names no database"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no file"),
    ({"DATABASE_URL": "sqlite:///groups.sqlite3"}, "DATABASE_URL names no file from the root"),
    # e-mail
    ({"PPG_EMAIL_URL": "mail.example.gov.uk"}, "PPG_EMAIL_URL cannot be read as an address."),
    ({"PPG_EMAIL_URL": f"imap://groups:{PASSWORD}@mail.example.gov.uk"}, "PPG_EMAIL_URL is of a kind"),
    ({"PPG_EMAIL_URL": f"smtp://groups:{PASSWORD}@"}, "PPG_EMAIL_URL names no mail server."),
    ({"PPG_EMAIL_URL": f"smtp://groups:{PASSWORD}@mail:submission"}, "PPG_EMAIL_URL cannot be read as an address."),
    ({"PPG_EMAIL_URL": f"smtp://groups:{PASSWORD}/1@mail:587"}, "PPG_EMAIL_URL cannot be read as an address."),
    ({"PPG_EMAIL_URL": "smtp://mail.example.gov.uk/587"}, "PPG_EMAIL_URL goes on after the host."),
    ({"PPG_EMAIL_URL": "smtp://groups@mail.example.gov.uk"}, "PPG_EMAIL_URL names a user without a password"),
    ({"PPG_EMAIL_FROM": "the groups"}, 'PPG_EMAIL_FROM is "the groups", which is no e-mail address.'),
    # text messages
    ({"PPG_NOTIFY_KEY": NOTIFY["PPG_NOTIFY_KEY"]}, "PPG_NOTIFY_KEY is set, and PPG_NOTIFY_TEMPLATE is not."),
    ({"PPG_NOTIFY_TEMPLATE": NOTIFY["PPG_NOTIFY_TEMPLATE"]}, "PPG_NOTIFY_TEMPLATE is set, and PPG_NOTIFY_KEY is not."),
    ({**NOTIFY, "PPG_NOTIFY_KEY": NOTIFY["PPG_NOTIFY_KEY"][:-1]}, "PPG_NOTIFY_KEY is no key of GOV.UK Notify."),
    ({**NOTIFY, "PPG_NOTIFY_TEMPLATE": "reminder"}, 'PPG_NOTIFY_TEMPLATE is "reminder"'),
    ({"PPG_NOTIFY_URL": "http://notify.example"}, "PPG_NOTIFY_URL does not begin with https:// and a host."),
    # buckets
    ({"PPG_STORE": ""}, "PPG_STORE is set, but blank."),
    ({"PPG_STORE": "/srv/files"}, "PPG_STORE cannot be read as an address."),
    ({"PPG_STORE": f"http://key:{PASSWORD}@s3.example/files"}, "PPG_STORE does not begin with https:// and a host."),
    ({"PPG_STORE": "https://s3.example/files"}, "PPG_STORE names no key and secret."),
    ({"PPG_STORE": f"https://key:{PASSWORD}@s3.example"}, "PPG_STORE names no bucket after the host."),
    ({"PPG_STORE": f"https://key:{PASSWORD}@s3.example/Files"}, "PPG_STORE names no bucket after the host."),
    ({"PPG_STORE": f"https://key:{PASSWORD}/1@s3.example/files"}, "PPG_STORE cannot be read as an address."),
    ({"PPG_STORE": f"https://key:{PASSWORD}@s3.example/files?zone=1"}, "ends with something else than ?region="),
    ({"PPG_STORE": f"https://key:{PASSWORD}@s3.example/files?region="}, "ends with ?region= and no region."),
    ({"PPG_BACKUPS": "backups"}, "PPG_BACKUPS cannot be read as an address."),
    ({"PPG_BACKUPS": f"http://key:{PASSWORD}@s3.example/files"}, "PPG_BACKUPS does not begin with https://"),
    # files
    ({"PPG_VAR": f"{FOLDER}/a file/below"}, "nothing can be written there. Name a folder"),
    ({"PPG_VAR": "var"}, 'PPG_VAR is "var". Write it from the root'),
    ({"PPG_BACKUPS": f"{FOLDER}/a file/below"}, "nothing can be written there. Name a folder"),
    ({"PPG_LEDGER": f"{FOLDER}/a file/erased.txt"}, "nothing can be written there. Name a file"),
    ({"PPG_LEDGER": FOLDER}, "which is a folder. Name a file in it."),
    ({"PPG_LEDGER": "erased.txt"}, 'PPG_LEDGER is "erased.txt". Write it from the root'),
]
SECRETS = ("SECRET_KEY", "PPG_KEYS", "PPG_BACKUP_KEY", "PPG_NOTIFY_KEY")


def environment_of(changes: dict[str, str | None], folder: Path) -> dict[str, str]:
    wanted = {"PATH": os.environ["PATH"], "PPG_VAR": str(folder), **WHOLE, **changes}
    return {name: value.replace(FOLDER, str(folder)) for name, value in wanted.items() if value is not None}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("var")
    (made / "a file").touch()
    return made


# --- What does not start -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ends(folder: Path) -> list[starts.Ended]:
    return starts.many((environment_of(changes, folder) for changes, _sentence in WRONG), "check", "--deploy")


@pytest.mark.parametrize(
    "number", range(len(WRONG)), ids=[f"{number}-{one[1][:40]}" for number, one in enumerate(WRONG)]
)
def test_what_is_missing_open_or_unfit_is_said_in_a_sentence(ends, number, folder):
    (changes, sentence), ended = WRONG[number], ends[number]
    assert ended.code == 1 and not ended.stdout
    assert sentence in ended.stderr and len(ended.stderr.splitlines()) == 1
    assert "Traceback" not in ended.stderr
    for secret in [PASSWORD, KEY, *(changes.get(name) for name in SECRETS)]:
        assert not (secret or "").strip() or secret not in ended.stderr


def test_all_faults_are_said_at_once(folder):
    [ended] = starts.many([{"PATH": os.environ["PATH"], "PPG_MODE": "production"}], "check")
    named = [line.split()[0] for line in ended.stderr.splitlines()]
    assert named == ["SECRET_KEY", "PPG_KEYS", "ALLOWED_HOSTS", "PPG_PROXIES", "PPG_EMAIL_URL", "PPG_EMAIL_FROM"]


def test_here_too_what_is_given_has_to_be_fit(folder):
    given = {"PPG_MODE": None, "PPG_KEYS": "x", "DEBUG": "yes", "PPG_NOTIFY_URL": "ftp://notify.example"}
    [ended] = starts.many([environment_of(given, folder)], "check")
    assert [line.split()[0] for line in ended.stderr.splitlines()] == ["PPG_KEYS", "DEBUG", "PPG_NOTIFY_URL"]


def run(command: list[str], changes: dict[str, str | None], folder: Path) -> subprocess.CompletedProcess[str]:
    """A real start, from nothing."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment_of(changes, folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize(
    "command",
    [["manage.py", "worker"], ["manage.py", "migrate"], ["-m", "gunicorn", "ppg.wsgi", "--bind", "127.0.0.1:0"]],
    ids=["worker", "migrate", "gunicorn"],
)
def test_each_way_to_start_ends_with_the_sentence(command, folder):
    ended = run(command, {"PPG_KEYS": "no-key-at-all"}, folder)
    assert ended.returncode != 0
    assert "PPG_KEYS is no Fernet key" in ended.stderr
    assert "Traceback" not in ended.stderr and "no-key-at-all" not in ended.stderr


# --- What starts, and is closed ------------------------------------------------------------------------


def test_a_whole_set_of_variables_starts_and_the_deployment_check_is_silent(folder):
    ended = run(["manage.py", "check", "--deploy", "--fail-level", "WARNING"], {}, folder)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


RIGHT: dict[str, dict[str, str | None]] = {
    "as it is": {},
    "spaces around everything": {
        **{name: f"  {value} " for name, value in WHOLE.items()},
        "ALLOWED_HOSTS": " groups.example.gov.uk , 10.0.0.7,[::1] ",
        "PPG_KEYS": f" {a_key()} , {KEY} ",
    },
    "without a proxy": {"PPG_PROXIES": "0"},
    "PostgreSQL on a socket": {"DATABASE_URL": "postgres://postgres@%2Ftmp%2Fppg-AbC/postgres"},
    "PostgreSQL over two machines": {"DATABASE_URL": f"postgres://u:{PASSWORD}@db1:5432,db2:5432/groups"},
    "a password with everything in it": {"DATABASE_URL": "postgres://u:%23%2F%3F%40%3A%25@db:5433/groups"},
    "e-mail with TLS from the start": {"PPG_EMAIL_URL": f"smtps://groups:{PASSWORD}@mail.example.gov.uk"},
    "e-mail by a relay next door": {"PPG_EMAIL_URL": "smtp://10.0.0.9:25"},
    "text messages": dict(NOTIFY),
    "backups under keys of their own": {
        "PPG_BACKUP_KEY": f"{a_key()},{a_key()}",
        "PPG_LEDGER": f"{FOLDER}/new/erased.txt",
    },
    "a bucket": {"PPG_STORE": "https://AKIA:a%2Fb%2B@s3.example:9000/groups/of/ours?region=eu-west-2"},
    "a bucket, and backups in a folder": {
        "PPG_STORE": "https://AKIA:secret@s3.example/groups",
        "PPG_BACKUPS": f"{FOLDER}/copies",
    },
    "backups alone in a bucket": {"PPG_BACKUPS": "https://AKIA:secret@s3.example/copies"},
}


@pytest.fixture(scope="module")
def right(folder: Path) -> dict[str, dict[str, Any]]:
    ended = starts.many(environment_of(changes, folder) for changes in RIGHT.values())
    assert not [one.stderr for one in ended if one.code]
    return {name: json.loads(one.stdout) for name, one in zip(RIGHT, ended, strict=True)}


@pytest.mark.parametrize("name", RIGHT)
def test_production_never_starts_open(right, name):
    settings = right[name]
    assert settings["DEBUG"] is False and settings["PRODUCTION"] is True
    assert "*" not in "".join(settings["ALLOWED_HOSTS"]) and "localhost" not in settings["ALLOWED_HOSTS"]
    assert settings["SECURE_SSL_REDIRECT"] and settings["SESSION_COOKIE_SECURE"] and settings["CSRF_COOKIE_SECURE"]
    cookies = {name: value for name, value in settings.items() if name.endswith("COOKIE_NAME")}
    assert len(cookies) == 4 and all(value.startswith("__Host-") for value in cookies.values())
    assert settings["LANGUAGE_COOKIE_SECURE"] and settings["CSRF_COOKIE_AGE"] is None
    assert settings["SECURE_REDIRECT_EXEMPT"] == [r"^healthz$", r"^readyz$"]
    assert not settings["USE_X_FORWARDED_HOST"] and not settings["USE_X_FORWARDED_PORT"]
    assert bool(settings["SECURE_PROXY_SSL_HEADER"]) is (settings["PROXIES"] > 0)
    assert not settings["EMAIL_HOST_PASSWORD"] or settings["EMAIL_USE_TLS"] or settings["EMAIL_USE_SSL"]
    assert settings["NOTIFY_URL"].startswith("https://")


def test_values_come_through_as_they_were_meant(right):
    assert right["spaces around everything"]["ALLOWED_HOSTS"] == ["groups.example.gov.uk", "10.0.0.7", "[::1]"]
    assert right["spaces around everything"]["FIELD_KEYS"][1] == KEY
    database = right["PostgreSQL on a socket"]["DATABASES"]["default"]
    assert (database["HOST"], database["NAME"]) == ("/tmp/ppg-AbC", "postgres")  # noqa: S108
    assert right["a password with everything in it"]["DATABASES"]["default"]["PASSWORD"] == "#/?@:%"
    assert right["as it is"]["EMAIL_HOST_PASSWORD"] == PASSWORD


@pytest.mark.parametrize(
    ("name", "port", "from_the_start", "before_the_password"),
    [
        ("as it is", 587, False, True),
        ("e-mail with TLS from the start", 465, True, False),
        ("e-mail by a relay next door", 25, False, False),
    ],
)
def test_a_password_for_the_mail_server_goes_through_tls_only(right, name, port, from_the_start, before_the_password):
    settings = right[name]
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (
        port,
        from_the_start,
        before_the_password,
    )


def test_backups_made_under_an_older_key_still_open(right):
    keys = right["backups under keys of their own"]
    assert len(keys["BACKUP_KEYS"]) == 3 and keys["BACKUP_KEYS"][2:] == keys["FIELD_KEYS"]
    assert right["as it is"]["BACKUP_KEYS"] == [KEY]


def lies(settings: dict[str, Any], what: str) -> str:
    """Where: "a table", a folder or a bucket."""
    if what not in settings["STORAGES"]:
        return "nowhere"
    options = settings["STORAGES"][what].get("OPTIONS", {})
    if "bucket_name" in options:
        return "/".join([options["endpoint_url"], options["bucket_name"], options["location"]])
    return Path(options["location"]).name if options else "a table"


@pytest.mark.parametrize(
    ("name", "files", "ledger", "backups"),
    [
        ("as it is", "a table", "nowhere", "backups"),
        ("a bucket", *(f"https://s3.example:9000/groups/of/ours/{what}" for what in ("files", "ledger", "backups"))),
        (
            "a bucket, and backups in a folder",
            *(f"https://s3.example/groups/{what}" for what in ("files", "ledger")),
            "copies",
        ),
        (
            "backups alone in a bucket",
            "a table",
            *(f"https://s3.example/copies/{what}" for what in ("ledger", "backups")),
        ),
    ],
)
def test_files_ledger_and_backups_lie_where_the_settings_say(right, name, files, ledger, backups):
    assert [lies(right[name], what) for what in ("default", "ledger", "backups")] == [files, ledger, backups]


def test_the_key_to_a_bucket_comes_through_as_it_was_meant(right):
    options = right["a bucket"]["STORAGES"]["default"]["OPTIONS"]
    assert (options["access_key"], options["secret_key"], options["region_name"]) == ("AKIA", "a/b+", "eu-west-2")


# --- One list of variables -----------------------------------------------------------------------------


def variables() -> list[str]:
    """What settings.py reads, in its order."""
    calls = [node for node in ast.walk(ast.parse((ROOT / "ppg/settings.py").read_text())) if isinstance(node, ast.Call)]
    read = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "read"]
    return [call.args[0].value for call in read if isinstance(call.args[0], ast.Constant)]


def test_each_variable_is_read_once_and_in_one_place():
    names = variables()
    assert len(names) > 14 and len(set(names)) == len(names)
    by_hand = re.findall(r"os\.environ\S*|getenv", (ROOT / "ppg/settings.py").read_text())
    assert not by_hand, "Read it by env.read: its faults are sentences then."


def test_the_settings_and_the_readme_list_every_variable_and_no_other():
    listed = (ROOT / "ppg/settings.py").read_text().split('"""')[1]
    assert set(re.findall(r"\b(?:PPG_[A-Z_]+|SECRET_KEY|ALLOWED_HOSTS|DATABASE_URL|DEBUG)\b", listed)) == set(
        variables()
    )
    table = (ROOT / "README.md").read_text().split("| variable |")[1].split("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    shown = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)]
    assert sorted(shown) == sorted(set(variables()) - {"DEBUG"}), "Bring the README's table up to date."


def test_no_key_is_printed_in_the_repository():
    """Somebody would use it. What is printed all the same is refused at the start."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    texts = [(ROOT / name).read_text(errors="ignore") for name in names.split("\0") if (ROOT / name).is_file()]
    printed = {key for text in texts for key in re.findall(r"(?<![\w-])[\w-]{43}=(?!=)", text) if key.isascii()}
    taken = []
    for key in printed:
        try:
            taken += environment.fernet_keys(key)
        except environment.Unfit:
            continue
    assert printed and not taken, "Make keys where they are needed, or add these to environment.PUBLISHED."
