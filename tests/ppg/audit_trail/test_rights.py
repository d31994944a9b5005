"""On PostgreSQL: the role of the web adds to the trail and neither changes nor deletes, and the site works under it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from caregivers.rights import actions as rights
from ppg.audit_trail import audit, chain, database_grants
from ppg.backups import backup_file
from ppg.health import State, checks, trail
from ppg.links.codes import new_code
from ppg.management.commands import set_up
from ppg.management.commands.worker import SWEEPS
from ppg.models import AuditEntry
from tests.factories import PlaceFactory
from tests.guards import test_permissions as addresses
from tests.guards.test_permissions import clients  # noqa: F401  a fixture

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="roles are a matter of PostgreSQL")
pytestmark = pytest.mark.django_db
TRAIL = ["ppg_auditentry", "ppg_auditseal"]
CHANGES = ["UPDATE ppg_auditentry SET what = ''", "DELETE FROM ppg_auditentry", "TRUNCATE ppg_auditentry CASCADE"]
CHANGES += ["UPDATE ppg_auditseal SET hash = ''", "DELETE FROM ppg_auditseal", "TRUNCATE ppg_auditseal"]


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def web(db) -> str:
    """A role as the installer makes it. It goes with the test's transaction."""
    role = f"web_{new_code()}"
    run(f'CREATE ROLE "{role}" LOGIN')
    call_command("grant_web", role, stdout=StringIO())
    return role


@contextmanager
def signed_in_as(role: str) -> Iterator[None]:
    run(f'SET SESSION AUTHORIZATION "{role}"')
    try:
        yield
    finally:
        run("RESET SESSION AUTHORIZATION")


@pytest.fixture
def sealed(lead, cohort):
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)
    chain.seal()


# --- What it may not -----------------------------------------------------------------------------------------


@postgresql
@pytest.mark.parametrize("sql", CHANGES)
def test_the_web_can_neither_change_nor_delete(web, sealed, sql):
    with signed_in_as(web), pytest.raises(ProgrammingError, match="permission denied"):
        run(sql)


@postgresql
def test_nor_lift_what_keeps_the_owner_from_it(web, sealed):
    with signed_in_as(web), pytest.raises(ProgrammingError, match="permission denied"), database_grants.lifted():
        run("DELETE FROM ppg_auditentry")


@postgresql
@pytest.mark.parametrize("sql", ["ALTER TABLE ppg_auditentry DISABLE TRIGGER ALL", "DROP TABLE ppg_auditseal"])
def test_nor_change_the_tables(web, sql):
    with signed_in_as(web), pytest.raises(ProgrammingError, match="must be owner"):
        run(sql)


@postgresql
@pytest.mark.parametrize("sql", [sql for sql in CHANGES if not sql.startswith("TRUNCATE")])
def test_the_owner_does_not_by_a_slip_either(sealed, sql):
    with pytest.raises(DatabaseError, match="neither changed nor deleted"):
        run(sql)


@postgresql
def test_a_backup_is_put_back_by_the_owner_only(web, sealed, tmp_path, settings):
    settings.LEDGER = tmp_path / "erased.txt"
    backup_file.write(tmp_path / "ours.backup", timezone.now())
    with signed_in_as(web), pytest.raises(CommandError, match="the role that owns the tables"):
        call_command("restore", tmp_path / "ours.backup", replace=True)
    call_command("restore", tmp_path / "ours.backup", replace=True, stdout=StringIO())
    assert chain.check() == []


# --- How it is said -----------------------------------------------------------------------------------------


@postgresql
def test_doctor_warns_where_the_role_could_change_the_trail_and_says_what_to_do(web):
    found = trail.trail_is_guarded(timezone.now())
    assert (found.state, "grant_web" in found.remedy) == (State.WARNING, True)
    with pytest.raises(CommandError, match="can change the audit trail"):
        call_command("grant_web", check=True)
    with signed_in_as(web):
        assert trail.trail_is_guarded(timezone.now()).state == State.GOOD
        call_command("grant_web", check=True, stdout=StringIO())


@postgresql
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("table", TRAIL)
def test_one_right_too_many_is_enough_for_a_warning(web, table, right):
    run(f'GRANT {right} ON {table} TO "{web}"')
    with signed_in_as(web):
        assert trail.trail_is_guarded(timezone.now()).state == State.WARNING


@postgresql
def test_so_is_being_able_to_act_as_the_owner(web):
    owner = f"owner_{new_code()}"
    run(f'CREATE ROLE "{owner}"; ALTER TABLE ppg_auditseal OWNER TO "{owner}"; GRANT "{owner}" TO "{web}"')
    run(f'REVOKE ALL ON ppg_auditseal FROM "{owner}"')
    with signed_in_as(web):
        assert trail.trail_is_guarded(timezone.now()).state == State.WARNING


def test_where_the_database_knows_no_roles_doctor_does_not_speak_of_them():
    assert ("trail_rights" in {check.name for check in checks}) == (connection.vendor == "postgresql")


@postgresql
@pytest.mark.parametrize("command", ["rotate_keys", "retention"])
def test_tables_are_written_anew_by_their_owner_or_it_is_said(web, command):
    """PostgreSQL itself would leave them out, and what was to go would stay on the disk."""
    with signed_in_as(web), pytest.raises(CommandError, match="may not write tables anew"):
        call_command(command, rewrite=True, stdout=StringIO())


@postgresql
def test_who_may_not_change_tables_is_told_who_does(web, monkeypatch):
    monkeypatch.setattr(set_up, "call_command", lambda *names, **options: run("ALTER TABLE ppg_user ADD later int"))
    with signed_in_as(web), pytest.raises(CommandError, match="deploy/install --owner URL"):
        call_command("set_up", stdout=StringIO())


# --- What it may ---------------------------------------------------------------------------------------------


@postgresql
def test_every_page_opens_under_it_and_writes_its_entries(web, clients, cohort):  # noqa: F811
    with signed_in_as(web):
        addresses.test_own_group(clients, cohort)
        assert AuditEntry.objects.filter(verb="saw").count() > 100


@postgresql
def test_so_does_what_the_worker_does_a_backup_and_erasing(web, lead, cohort, tmp_path, settings):
    settings.LEDGER = tmp_path / "erased.txt"
    person = PlaceFactory(cohort=cohort).caregiver
    with signed_in_as(web):
        rights.erase(caregiver=person, by=lead)
        for sweep in SWEEPS:
            sweep(timezone.now())
        assert chain.check() == [] and AuditEntry.objects.filter(seal=None).count() == 0
        assert backup_file.write(tmp_path / "ours.backup", timezone.now()).rows


@postgresql
def test_tables_of_a_later_version_are_open_to_it_and_granting_again_changes_nothing(web):
    run("CREATE TABLE later (id bigint)")
    call_command("grant_web", web, stdout=StringIO())
    with signed_in_as(web):
        run("INSERT INTO later VALUES (1)")
    asked = ("SELECT", "INSERT", "UPDATE", "DELETE")
    for table in TRAIL:
        assert [may(web, table, right) for right in asked] == [True, True, False, False]


def may(role: str, table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
        return bool(cursor.fetchone()[0])


# --- What is refused -----------------------------------------------------------------------------------------


@postgresql
def test_a_role_that_is_not_there_and_one_that_is_the_owner(db):
    with pytest.raises(CommandError, match="CREATE ROLE"):
        call_command("grant_web", "nobody")
    with pytest.raises(CommandError, match="owner of the tables"):
        call_command("grant_web", connection.settings_dict["USER"])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")
def test_on_sqlite_there_are_no_roles(db):
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("grant_web", "web")
