"""The checks of the foundation."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from ppg.health import database, server, trail, work
from ppg.health.findings import Check

CHECKS = [
    Check("settings", _("Settings"), server.settings_fit, database=False),
    Check("framework", _("Django’s own checks"), server.framework_finds_nothing, database=False, slow=True),
    Check("database", _("Database"), database.answers, gate=True),
    Check("migrations", _("Changes of the database"), database.is_up_to_date, gate=True),
    Check("keys", _("Keys"), database.keys_fit),
    Check("all_keys", _("Keys of every row"), database.keys_open_everything, slow=True),
    Check("trail", _("Audit trail"), trail.trail_is_whole, slow=True),
    Check("trail_rights", _("Rights on the trail"), trail.trail_is_guarded, slow=True),
    Check("cache", _("Cache"), database.has_cache),
    Check("worker", _("Worker"), work.worker_runs, live=True),
    Check("mail", _("Mail server"), work.mail_server_answers, database=False),
    Check("account_mail", _("E-mails about accounts"), work.account_mail_went_out, live=True),
    Check("jobs", _("Background jobs"), work.jobs_were_done),
    Check("nightly", _("Work at night"), work.nightly_work_was_done),
    Check("backup", _("Backup"), work.backup_is_fresh, database=False),
    Check("disk", _("Disk space"), server.disk_has_room, database=False),
    Check("clock", _("Clock"), server.clock_is_right),
    Check("fonts", _("Fonts"), server.fonts_are_there, database=False),
    Check("static", _("Styles and scripts"), server.static_files_are_collected, database=False),
]


def here() -> list[Check]:
    """Those that fit the database this runs on."""
    return [check for check in CHECKS if check.name != "trail_rights" or connection.vendor == "postgresql"]
