"""Reminders that something waits. Neither the job nor the e-mail says what, about whom, or how much."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers.concerns import queries
from caregivers.models import Restricted
from ppg.background import chores
from ppg.models import User
from ppg.sending import mail
from ppg.service_details import service


@task()
def remind(site: str) -> None:
    """At once when something was written down; the worker's sweep does the same every minute."""
    remind_due(timezone.now(), site)


def remind_due(now: datetime, site: str = "") -> None:
    """One e-mail to each safeguarding lead, however much waits, and the next after three days.

    It is sent before it is noted: a worker that dies in between sends it once more, which harms nobody; the other
    way round nobody would hear of it for days. While the mail server cannot be reached, each sweep tries again. One
    worker at a time: another would send the same.
    """
    with chores.turn("reminders", now) as ours:
        if ours:
            _remind(now, site or own_site())


def _remind(now: datetime, site: str) -> None:
    due = [(kind, list(queries.to_remind(kind, now))) for kind in queries.KINDS]
    waiting = [thing for _kind, things in due for thing in things]
    if not waiting:
        return
    sent = [send(user, now, site) for user in readers(waiting)]
    if sent and not any(sent):
        return
    for kind, things in due:
        kind.objects.filter(pk__in=[thing.pk for thing in things], closed_at=None).update(reminded_at=now)


def readers(waiting: list[Restricted]) -> list[User]:
    """The safeguarding leads; where there is none, the leads of the groups."""
    found = list(queries.safeguarding_leads())
    return found or list(queries.leads_of({thing.cohort_id for thing in waiting}))


def send(user: User, now: datetime, site: str) -> bool:
    """Whether it is worth no further try at once: it was taken, or may have been, or never will be."""
    words = {"service": service.current(), "address": site + reverse("home")}
    try:
        mail.send(
            to=user.email,
            subject=_("Something waits for you"),
            text=render_to_string("caregivers/concerns/waits.txt", words),
            ref=f"waits-{user.code}-{now:%Y%m%d%H%M}",
        )
    except mail.NotSent as error:
        return not error.later
    except mail.FateUnknown:
        return True
    return True


def own_site() -> str:
    """Where the worker has no request to read it from: the first name the service goes by."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    return f"https://{host}" if settings.SECURE_SSL_REDIRECT else f"http://{host}:8000"
