"""Checks of what is done in the background: the worker, e-mail, backups, and what went wrong."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ppg import logs
from ppg.accounts.mail import undelivered
from ppg.audit_trail import chain
from ppg.background import chores, jobs
from ppg.backups import nightly
from ppg.health import heartbeat
from ppg.health.findings import Finding, fault, good, warning
from ppg.models import Chore, User
from ppg.time_of_day import day_and_clock

# --- The worker ------------------------------------------------------------------------------------------


def worker_runs(now: datetime) -> Finding:
    remedy = _(
        "Start manage.py worker, or start it again if it has been at one thing for an hour. "
        "Until then no e-mail leaves and no PDF is made."
    )
    heard = heartbeat.last_heard()
    if not heard:
        return fault(_("No worker has run yet."), remedy)
    silent = {host: at for host, (at, ago) in heard.items() if ago > heartbeat.SILENT}
    running = ", ".join(sorted(set(heard) - set(silent)))
    if not running:
        return fault(_("No worker has been heard of since %(when)s.") % {"when": moment(max(silent.values()))}, remedy)
    if silent:
        host, at = max(silent.items(), key=lambda one: one[1])
        return warning(
            _("The worker on %(host)s has not been heard of since %(when)s; another runs on %(running)s.")
            % {"host": host, "when": moment(at), "running": running},
            _("If that machine should have one, start it there. Otherwise this passes in a day."),
        )
    return good(_("The worker runs, on %(hosts)s.") % {"hosts": running})


def moment(at: datetime) -> str:
    return day_and_clock(at, "l j F")


# --- The mail server -------------------------------------------------------------------------------------

SECONDS = 10


def mail_server_answers(now: datetime) -> Finding:
    """Reaches it and signs in, and sends nothing. Never waits longer than ten seconds, whatever it does."""
    server = get_connection()
    if not isinstance(server, EmailBackend):
        return good(_("There is none: e-mails are written to files."))
    why: list[Finding] = []
    asking = threading.Thread(target=lambda: why.append(_ask(server)), name="mail server", daemon=True)
    asking.start()
    asking.join(SECONDS)
    return why[0] if why else _too_late()


def _too_late() -> Finding:
    return fault(_("It did not answer within %(n)s seconds.") % {"n": SECONDS}, _see())


def _see() -> str:
    return _("See whether PPG_EMAIL_URL is right and lets this machine in. E-mails wait meanwhile, some for a day.")


def _ask(server: EmailBackend) -> Finding:
    server.timeout = SECONDS - 1
    try:
        server.open()
    except smtplib.SMTPAuthenticationError:
        return fault(_("It does not accept the user’s name or password."), _("Put PPG_EMAIL_URL right."))
    except ssl.SSLError:
        return fault(
            _("Its certificate is not valid for that name, or it speaks no TLS."),
            _("Name the server in PPG_EMAIL_URL as its certificate does, and see whether smtp or smtps is right."),
        )
    except smtplib.SMTPNotSupportedError:
        return fault(_("It offers no TLS before the password, or no sign-in."), _see())
    except ConnectionRefusedError:
        return fault(_("Nothing listens at that address."), _see())
    except socket.gaierror:
        return fault(_("Nobody knows its name."), _("Put the host in PPG_EMAIL_URL right."))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
            return _too_late()
        return fault(_("It does not answer as a mail server does (%(error)s).") % {"error": logs.name(error)}, _see())
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
    return good(_("It answers, and lets us in."))


# --- Backups ---------------------------------------------------------------------------------------------

A_NIGHT, TOO_LONG = timedelta(hours=26), timedelta(days=3)


def backup_is_fresh(now: datetime) -> Finding:
    """Whether one can be restored is tried by restoring it, not here."""
    remedy = _("A worker makes one every night. Run manage.py backup: it says why it does not work.")
    last = nightly.last_made()
    if last is None:
        make = fault if _is_in_use(now - TOO_LONG) else warning
        return make(_("There is none yet."), remedy)
    when = {"when": moment(last)}
    if now - last > A_NIGHT:
        make = fault if now - last > TOO_LONG else warning
        return make(_("The last one was made on %(when)s.") % when, remedy)
    return good(_("The last one was made on %(when)s.") % when)


def _is_in_use(since: datetime) -> bool:
    """Whether somebody could have worked with it then."""
    with suppress(DatabaseError):
        return User.objects.filter(joined_at__lt=since).exists()
    return False


# --- What went wrong -------------------------------------------------------------------------------------

A_WEEK = timedelta(days=7)


def account_mail_went_out(now: datetime) -> Finding:
    number = undelivered(now).count()
    if number:
        sentence = ngettext(
            "%(n)s e-mail about an account did not go out.", "%(n)s e-mails about accounts did not go out.", number
        )
        return warning(sentence % {"n": number}, _("Open Staff accounts: it says why, and sends them again."))
    return good(_("Every e-mail about an account went out."))


def nightly_work_was_done(now: datetime) -> Finding:
    """Of each kind the latest counts: a failure that was made good the night after is over. A trail that was tampered
    with is no work that failed but a fault of the service."""
    latest: dict[str, Chore] = {}
    for chore in Chore.objects.exclude(period="").filter(began_at__gt=now - A_WEEK).order_by("began_at"):
        latest[f"{chore.name} {chore.machine}"] = chore
    why = [(chore, _not_done(chore, now)) for chore in latest.values()]
    make = fault if any(reason and chore.name == chain.NIGHTLY for chore, reason in why) else warning
    named = "; ".join(f"{chore.name} ({moment(chore.began_at)}): {reason}" for chore, reason in why if reason)
    if not named:
        return good(_("What is done at night was done."))
    remedy = _(
        "It is tried again an hour later. docs/running.md says what each of them does; the log says where it ended."
    )
    return make(_("Not done at night: %(named)s.") % {"named": named}, remedy)


def _not_done(chore: Chore, now: datetime) -> str:
    """Why; nothing where it was done, or is still being done."""
    if chore.ended_at:
        return chore.failed
    return _("its worker died or hangs") if chore.began_at < now - chores.LOST_AFTER else ""


def jobs_were_done(now: datetime) -> Finding:
    every = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED, finished_at__gt=now - A_WEEK)
    failed = every.exclude(task_path__in=[*jobs.untold])
    number = failed.count()
    if not number:
        return good(_("No job of the last seven days failed."))
    last = failed.order_by("-finished_at").values_list("task_path", "exception_class_path", "finished_at")[0]
    path, error, at = last
    when = moment(at or now)
    sentence = ngettext(
        "%(n)s job of the last seven days failed: %(path)s, with %(error)s, on %(when)s.",
        "%(n)s jobs of the last seven days failed, the last of them %(path)s, with %(error)s, on %(when)s.",
        number,
    )
    return warning(
        sentence % {"n": number, "path": path, "error": error, "when": when},
        _("The worker’s log says where in the code. Report it with that line; what it was for can be asked for again."),
    )
