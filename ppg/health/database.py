"""Checks of the database: that it answers, is up to date, has the cache's table, and that the keys open what is in."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ppg import logs
from ppg.encryption import rotation
from ppg.health import keys
from ppg.health.findings import Finding, fault, good, warning

# What a database says when nobody can come in, and what that means. What it says itself names the user and the host.
REFUSALS = {
    "password authentication failed": gettext_lazy("The user’s name or password is not accepted."),
    "no password supplied": gettext_lazy("It asks for a password, and there is none."),
    "does not exist": gettext_lazy("There is no database or no user of that name."),
    "connection refused": gettext_lazy("Nothing listens at that address."),
    "could not translate host name": gettext_lazy("Nobody knows that host’s name."),
    "name or service not known": gettext_lazy("Nobody knows that host’s name."),
    "no such file or directory": gettext_lazy("Nothing listens at that address."),
    "timeout": gettext_lazy("There is no answer in time."),
    "too many": gettext_lazy("It has no connection left."),
    "unable to open database file": gettext_lazy("The file cannot be opened."),
    "not a database": gettext_lazy("The file is no database."),
}


def answers(now: datetime) -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        said = str(error).lower()
        why = next((sentence for words, sentence in REFUSALS.items() if words in said), logs.name(error))
        return fault(
            _("It does not answer. %(why)s") % {"why": why},
            _("See whether it runs, and whether DATABASE_URL is right."),
        )
    return good(_("%(kind)s answers.") % {"kind": connection.display_name})


# --- Up to date ------------------------------------------------------------------------------------------


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this version of the product. They do not change while it runs."""
    return frozenset(MigrationLoader(None).disk_migrations)


def applied_migrations() -> set[tuple[str, str]]:
    return set(MigrationRecorder(connection).applied_migrations())


def missing_migrations() -> list[tuple[str, str]]:
    """What this version needs and the database has not seen."""
    return sorted(known_migrations() - applied_migrations())


def is_up_to_date(now: datetime) -> Finding:
    applied = applied_migrations()
    if missing := sorted(known_migrations() - applied):
        sentence = ngettext(
            "%(n)s change that this version needs has not been made, %(first)s.",
            "%(n)s changes that this version needs have not been made, the first of them %(first)s.",
            len(missing),
        ) % {"n": len(missing), "first": ".".join(missing[0])}
        return fault(sentence, _("Make a backup, then run manage.py migrate."))
    apps = {app for app, _name in known_migrations()}
    if any(app in apps for app, _name in applied - known_migrations()):
        return warning(
            _("The database is of a newer version than this program."),
            _("During an upgrade that passes. Otherwise start the newer version on this machine too."),
        )
    return good(_("Every change that this version needs has been made."))


# --- The cache's table -----------------------------------------------------------------------------------


def missing_cache_tables() -> set[str]:
    wanted = {str(getattr(one, "_table", "")) for one in caches.all() if isinstance(one, BaseDatabaseCache)}
    return wanted - set(connection.introspection.table_names()) if wanted else set()


def has_cache(now: datetime) -> Finding:
    if missing_cache_tables():
        return fault(_("The table of the cache is not there."), _("Run manage.py createcachetable."))
    return good(_("The table of the cache is there."))


# --- Keys ------------------------------------------------------------------------------------------------

ADD_IT = gettext_lazy("Add the key that is missing at the end of PPG_KEYS and start everything again. Take none out.")
ROTATE = gettext_lazy("Run manage.py rotate_keys. Take no key out before it says that nothing is left under it.")


def keys_fit(now: datetime) -> Finding:
    """Of each table the oldest and the newest rows; `keys_open_everything` reads all of them."""
    tried = [*keys.canaries().values(), *keys.samples()]
    if not all(map(keys.opens, tried)):
        return fault(_("No key in PPG_KEYS opens some of what is stored."), str(ADD_IT))
    if not keys.canaries():
        return fault(_("There is nothing to try the keys on."), _("Run manage.py migrate: it puts something there."))
    if not all(map(keys.is_under_newest, tried)):
        return warning(_("Some of what is stored lies under an older key."), str(ROTATE))
    return good(_("The first key in PPG_KEYS opens what was tried."))


def keys_open_everything(now: datetime) -> Finding:
    counts = rotation.look()
    if number := counts.unreadable.total():
        sentence = ngettext(
            "No key in PPG_KEYS opens something in %(n)s row.",
            "No key in PPG_KEYS opens something in %(n)s rows.",
            number,
        )
        return fault(sentence % {"n": number}, str(ADD_IT))
    if number := counts.older.total():
        sentence = ngettext("%(n)s row lies under an older key.", "%(n)s rows lie under an older key.", number)
        return warning(sentence % {"n": number}, str(ROTATE))
    return good(_("The first key in PPG_KEYS opens everything."))
