"""Checks of the server itself: settings, fonts, disk, static files, clock."""

from __future__ import annotations

import ctypes
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ppg.documents import faces
from ppg.health.findings import Finding, fault, good, warning


def settings_fit(now: datetime) -> Finding:
    """Unfit ones start nothing: what is said here is in which mode they are."""
    if settings.PRODUCTION:
        return good(_("Every variable is fit for production."))
    return good(_("Every variable is fit. PPG_MODE is local: nobody but this machine is let in."))


def framework_finds_nothing(now: datetime) -> Finding:
    """What `manage.py check --deploy` says. Fonts have a check of their own."""
    said = checks.run_checks(include_deployment_checks=settings.PRODUCTION)
    said = [one for one in said if one.level >= checks.WARNING and not one.is_silenced() and "font" not in one.msg]
    if not said:
        return good(_("manage.py check finds nothing."))
    worst = max(said, key=lambda one: one.level)
    sentence = ngettext(
        "%(n)s remark of manage.py check: %(first)s", "%(n)s remarks of manage.py check: %(first)s", len(said)
    )
    make = fault if worst.level >= checks.ERROR else warning
    return make(sentence % {"n": len(said), "first": worst.msg}, worst.hint or _("Run manage.py check --deploy."))


def fonts_are_there(now: datetime) -> Finding:
    if faces.missing():
        return fault(
            _("Some are missing, and no PDF can be made."), _("Run script/install, or deploy/install once more.")
        )
    return good(_("Those that come with the product are there."))


# --- Disk ------------------------------------------------------------------------------------------------

GIGABYTE = 1_000_000_000
LITTLE, TOO_LITTLE = 2 * GIGABYTE, GIGABYTE // 2


def disk_has_room(now: datetime) -> Finding:
    """Where PPG_VAR and PPG_LEDGER lie, and with SQLite the database. A database elsewhere has a disk of its own."""
    free = min(shutil.disk_usage(_there(path)).free for path in (Path(settings.VAR), Path(settings.LEDGER)))
    values = {"free": f"{free / GIGABYTE:.1f}"}
    if free < LITTLE:
        make = fault if free < TOO_LITTLE else warning
        return make(
            _("Only %(free)s GB are free where files and backups lie.") % values,
            _("Move old backups to another machine, or make the disk larger."),
        )
    return good(_("%(free)s GB are free where files and backups lie.") % values)


def _there(path: Path) -> Path:
    return next(one for one in (path, *path.parents) if one.exists())


# --- Static files ----------------------------------------------------------------------------------------


def static_files_are_collected(now: datetime) -> Finding:
    """Each file of this version was collected, as it is."""
    storage: Any = staticfiles_storage
    if not hasattr(storage, "manifest_name"):
        return good(_("They are served as they lie there."))
    remedy = _("Run manage.py collectstatic --noinput, and start the web server again.")
    collected: dict[str, str] = storage.load_manifest()[0]  # as it is now
    if not collected:
        return fault(_("Styles and scripts were not collected: no page can be shown."), remedy)
    stale = [name for name, path in _sources().items() if not _is_collected(name, path, collected)]
    if stale:
        sentence = ngettext(
            "%(n)s style or script is of another version, %(first)s.",
            "%(n)s styles and scripts are of another version, the first of them %(first)s.",
            len(stale),
        )
        return fault(sentence % {"n": len(stale), "first": stale[0]}, remedy)
    return good(_("Styles and scripts are those of this version."))


def _sources() -> dict[str, Path]:
    """What collectstatic takes. Where several have one name the first is served."""
    app: Any = apps.get_app_config("staticfiles")
    found: dict[str, Path] = {}
    for finder in get_finders():
        for name, storage in finder.list(app.ignore_patterns):
            found.setdefault(name, Path(storage.path(name)))
    return found


def _is_collected(name: str, source: Path, collected: dict[str, str]) -> bool:
    copy = Path(settings.STATIC_ROOT) / name
    return name in collected and copy.exists() and copy.read_bytes() == source.read_bytes()


# --- Clock -----------------------------------------------------------------------------------------------

AHEAD, FAR_AHEAD = timedelta(seconds=5), timedelta(seconds=30)  # codes of authenticator apps last for 30 seconds


def clock_is_right(now: datetime) -> Finding:
    """Against the database's, and by what the system says of its own. Nothing outside is asked."""
    apart = timedelta(0) if connection.vendor == "sqlite" else _apart()
    if apart > AHEAD:
        make = fault if apart > FAR_AHEAD else warning
        seconds = {"n": round(apart.total_seconds())}
        return make(
            _("This machine and the database are %(n)s seconds apart.") % seconds,
            _("Switch on time synchronisation on this machine and on the database’s: timedatectl set-ntp true."),
        )
    if is_kept_right() is False:
        return warning(
            _("Nothing sets this machine’s clock: it will go wrong slowly."),
            _("Switch on time synchronisation: timedatectl set-ntp true."),
        )
    if connection.vendor == "sqlite":
        return good(_("The system says that it is set. The database is on this machine, and has the same clock."))
    return good(_("This machine and the database agree, and the system says that its clock is set."))


def _apart() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return abs(timezone.now() - cursor.fetchone()[0])


TIME_ERROR = 5  # of adjtimex(2): nothing has set the clock


def is_kept_right() -> bool | None:
    """What the kernel knows of whoever sets its clock; None where it cannot be asked."""
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(1024))  # all zero: changes nothing
    except (AttributeError, OSError):  # not Linux
        return None
    return None if answer < 0 else answer != TIME_ERROR
