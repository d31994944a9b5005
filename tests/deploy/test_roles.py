"""`deploy/install` makes two roles in PostgreSQL: one owns the tables, the other one is the web's and the worker's."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.deploy.installed import HOST, MAIL, install, variables
from tests.postgresql import Cluster, cluster

pytestmark = pytest.mark.real_clock

CHANGES = ["UPDATE ppg_auditentry SET what = ''", "DELETE FROM ppg_auditseal", "TRUNCATE ppg_auditentry CASCADE"]
RIGHTS = """
    SELECT relname, one.grantee::regrole::text, array_agg(one.privilege_type ORDER BY one.privilege_type)
    FROM pg_class, aclexplode(relacl) AS one WHERE relnamespace = 'public'::regnamespace GROUP BY 1, 2 ORDER BY 1, 2
"""
OWNERS = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
DATABASES = "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname LIKE 'ppg%'"


HERE = ("--parts", "web,worker,database")  # the cluster that DATABASE_URL names is this machine's own


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Cluster]:
    with cluster() as one:
        yield one


def on(postgresql: Cluster) -> dict[str, str]:
    return MAIL | {"PGHOST": str(postgresql.folder), "DATABASE_URL": postgresql.url("ppg", "ppg")}


@pytest.fixture(scope="module")
def server(postgresql: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed, as it is today."""
    root = tmp_path_factory.mktemp("server")
    done = install(root, "--host", HOST, *HERE, **on(postgresql))
    assert done.returncode == 0, done.stderr
    assert "not guarded" not in done.stderr
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """`ppg COMMAND` on that server."""
    return subprocess.run(
        [root / "opt/ppg/current/deploy/ppg", *command],
        env={"PATH": variables(root, "ppg-web.service")["PATH"], "ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tables_belong_to_the_owner_and_the_web_only_adds_to_the_trail(server, postgresql):
    assert postgresql.run(OWNERS, database="ppg") == [("ppg_owner",)]
    assert postgresql.run(DATABASES) == [("ppg", "ppg_owner")]
    for change in CHANGES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            postgresql.run(change, "ppg", "ppg")
    assert postgresql.run("SELECT count(*) FROM ppg_auditentry", "ppg", "ppg") == [(0,)]


def test_what_names_the_owner_is_read_by_root_alone_and_no_service_is_told(server):
    file = server / "etc/ppg/owner"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and "ppg_owner" in file.read_text()
    for name in ("ppg-web.service", "ppg-worker.service"):
        assert not [value for value in variables(server, name).values() if "ppg_owner" in value]


def test_ppg_takes_the_owner_where_a_command_needs_it_and_nowhere_else(server):
    asked = "from django.db import connection as c; print('signed in as', c.settings_dict['USER'])"
    assert "signed in as ppg\n" in run(server, "shell", "-v0", "-c", asked).stdout
    backup = str(server / "var/lib/ppg/ours.backup")
    for command in (["backup", backup], ["restore", backup, "--replace"], ["rotate_keys", "--rewrite"]):
        done = run(server, *command)
        assert done.returncode == 0, (command, done.stderr)


def test_the_web_is_told_that_it_is_guarded(server):
    said = run(server, "doctor").stdout
    assert "Good     Rights on the trail: The role that DATABASE_URL names adds to it" in said


def as_one_role_had_it(root: Path, postgresql: Cluster) -> None:
    """What the installer made before there were two: everything belongs to the service's role."""
    postgresql.run("REASSIGN OWNED BY ppg_owner TO ppg", database="ppg")
    postgresql.run("DROP OWNED BY ppg_owner; DROP ROLE ppg_owner", database="ppg")
    (root / "etc/ppg/owner").unlink()


def test_an_installation_of_one_role_is_carried_over_while_it_is_served(server, postgresql):
    migrations = "SELECT count(*) FROM django_migrations"
    rights = postgresql.run(RIGHTS, database="ppg")
    as_one_role_had_it(server, postgresql)
    assert run(server, "doctor").stdout.count("Warning  Rights on the trail: ") == 1
    before = postgresql.run(migrations, database="ppg")
    with psycopg.connect(host=str(postgresql.folder), user="ppg", dbname="ppg", autocommit=True) as served:
        done = install(server, **on(postgresql))
        assert done.returncode == 0, done.stderr
        served.execute("DELETE FROM django_session")  # the same connection goes on
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            served.execute("DELETE FROM ppg_auditentry")
    assert "Giving the tables to ppg_owner" in done.stderr
    assert postgresql.run(OWNERS, database="ppg") == [("ppg_owner",)]
    assert postgresql.run(RIGHTS, database="ppg") == rights and len(rights) > 100
    assert postgresql.run(migrations, database="ppg") == before


# --- A database elsewhere -------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(postgresql: Cluster) -> Iterator[tuple[str, str]]:
    """An empty one, as its administrator made it, with the addresses for the web and for the owner."""
    postgresql.run('CREATE ROLE theirs LOGIN; CREATE ROLE "the web" LOGIN')
    postgresql.run("CREATE DATABASE elsewhere OWNER theirs")
    yield postgresql.url("the%20web", "elsewhere"), postgresql.url("theirs", "elsewhere")
    postgresql.run("DROP DATABASE elsewhere")
    postgresql.run('DROP ROLE theirs, "the web"')


def test_its_owner_is_named_by_an_option(postgresql, elsewhere, tmp_path):
    web, owner = elsewhere
    done = install(tmp_path, "--host", HOST, "--database", web, "--owner", owner, **MAIL)
    assert done.returncode == 0, done.stderr
    assert "not guarded" not in done.stderr
    assert postgresql.run(OWNERS, database="elsewhere") == [("theirs",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        postgresql.run("DELETE FROM ppg_auditentry", "the web", "elsewhere")
    assert postgresql.run("SELECT count(*) FROM ppg_user", "the web", "elsewhere") == [(0,)]


def test_an_owner_who_is_no_address_is_refused(tmp_path):
    done = install(tmp_path / "server", "--host", HOST, "--owner", "ppg_owner", **MAIL)
    assert done.returncode == 1 and "--owner or OWNER_URL is no address of PostgreSQL" in done.stderr
