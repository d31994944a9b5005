"""On PostgreSQL the database itself keeps the trail: whoever serves the web may add to it and nothing else.

Two lines. The role of the web and the worker has no right to change or delete (`grant`). And triggers refuse it to the
owner as well, who would otherwise do it by a slip; only restoring a backup lifts them, for its transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Model

from ppg.access.refusals import Refused
from ppg.models import AuditEntry, AuditSeal

KEPT = (AuditEntry, AuditSeal)


@contextmanager
def lifted() -> Iterator[None]:
    """Rows of the trail may be replaced in this transaction: a backup is put back. Needs the right to do so."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ppg.trail = 'replaced'")
        yield
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ppg.trail = ''")


def must_be_owner() -> None:
    """Before a backup is put back."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, %s, 'DELETE')", [AuditEntry._meta.db_table])
        if not cursor.fetchone()[0]:
            raise Refused(
                "This role of the database may not replace the audit trail. Run the command with the DATABASE_URL of"
                " the role that owns the tables."
            )


def may_be_changed() -> bool:
    """Whether the role that this process signs in as could change or delete entries, by itself or as their owner."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE') OR pg_has_role(relowner, 'MEMBER'))"
            " FROM pg_class WHERE oid = ANY(%s::regclass[])",
            [[model._meta.db_table for model in KEPT]],
        )
        return bool(cursor.fetchone()[0])


def must_own(models: Iterable[type[Model]]) -> None:
    """Before tables are written anew: PostgreSQL would leave out those of others, and only warn."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY(%s::regclass[])",
            [[model._meta.db_table for model in models]],
        )
        if not cursor.fetchone()[0]:
            raise Refused(
                "This role of the database may not write tables anew. Run the command with the DATABASE_URL of the role"
                " that owns the tables."
            )


def grant(role: str) -> None:
    """The role may do all that the site does: read and write every table, the trail excepted, to which it may only
    add. Run by the owner of the tables, after every migration; what is granted already stays."""
    if connection.vendor != "postgresql":
        raise Refused("Roles are a matter of PostgreSQL. DATABASE_URL names another database.")
    quote = connection.ops.quote_name
    name, kept = quote(role), ", ".join(quote(model._meta.db_table) for model in KEPT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema(), current_database()")
        owner, schema, database = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            raise Refused(f"There is no role {role}. Make it first: CREATE ROLE {name} LOGIN PASSWORD '…'")
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [role, owner])
        if found[0] or cursor.fetchone()[0]:
            raise Refused(f"{role} is the owner of the tables, or may act as the owner. Name a role of its own.")
        for sql in (
            f"GRANT CONNECT ON DATABASE {quote(database)} TO {name}",
            f"GRANT USAGE ON SCHEMA {quote(schema)} TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {quote(schema)} TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {quote(schema)} TO {name}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quote(schema)}"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {name}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {quote(schema)} GRANT USAGE, SELECT ON SEQUENCES TO {name}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON {kept} FROM {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON {quote('django_migrations')} FROM {name}",
        ):
            cursor.execute(sql)
