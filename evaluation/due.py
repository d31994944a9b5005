"""What is due for the evaluation: answers before and after, and the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evaluation.models import ReportVersion, Wave
from feedback.due import last_sessions
from ppg.access.permissions import P
from ppg.accounts.staff.overview import accounts_to_do
from programmes.due.sources import Asked, Source, Task, Whole
from sessions_app.models import Session

Point = Wave.Point
AHEAD, BEHIND = timedelta(weeks=2), timedelta(days=7)  # around the first session: before is asked before it works
AFTERWARDS, LATER = timedelta(weeks=6), timedelta(days=92)
REPORT_BY = timedelta(weeks=4)
LONG_AGO = timedelta(weeks=52)  # a report that nobody has written for so long is not written any more


def asked_at(point: str) -> Exists:
    return Exists(Wave.objects.filter(cohort=OuterRef("cohort"), point=point))


def before(asked: Asked) -> QuerySet[Session]:
    """First sessions of groups that were not asked yet. The rows are sessions, so that the day finds them."""
    near = Session.objects.filter(
        asked.within(), starts_at__gt=asked.now - BEHIND, starts_at__lte=asked.now + AHEAD, extra=False
    ).taking_place()
    earlier = Session.objects.filter(
        cohort=OuterRef("cohort"), cancelled_at=None, extra=False, starts_at__lt=OuterRef("starts_at")
    )
    return near.filter(~Exists(earlier), ~asked_at(Point.BEFORE))


def after(asked: Asked) -> QuerySet[Session]:
    """Whoever was not asked before cannot be compared."""
    return last_sessions(asked, AFTERWARDS).filter(asked_at(Point.BEFORE), ~asked_at(Point.AFTER))


def later(asked: Asked) -> QuerySet[Session]:
    ended = last_sessions(asked, LATER + AFTERWARDS).filter(starts_at__lte=asked.now - LATER)
    return ended.filter(asked_at(Point.AFTER), ~asked_at(Point.LATER))


def without_report(asked: Asked) -> QuerySet[Session]:
    """Last sessions of groups whose report is not published, or out of date since somebody withdrew."""
    current = ReportVersion.objects.filter(report__cohort=OuterRef("cohort"), superseded_at=None)
    return last_sessions(asked, LONG_AGO).filter(~Exists(current))


def reports_late(asked: Asked) -> QuerySet[Session]:
    return without_report(asked).filter(starts_at__lte=asked.now - REPORT_BY)


def asking(slug: str, rows: Callable[[Asked], QuerySet[Any]], words: Any, within: timedelta) -> Source:
    return Source(
        slug,
        P.MEASURE_SEND,
        rows=rows,
        words=lambda task: str(words),
        url=lambda task: reverse("evaluation:waves", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        within=within,
    )


SOURCES = [
    asking("asking-before", before, gettext_lazy("Ask for the answers before the programme"), timedelta(0)),
    asking("asking-after", after, gettext_lazy("Ask for the answers after the programme"), timedelta(weeks=2)),
    asking("asking-later", later, gettext_lazy("Ask for the answers three months later"), LATER + timedelta(weeks=2)),
    Source(
        "reports",
        P.REPORT_WRITE,
        rows=without_report,
        words=lambda task: _("Publish the report"),
        url=lambda task: reverse("evaluation:report", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        within=REPORT_BY,
    ),
    Source(
        "reports-late",
        P.ACROSS,
        rows=reports_late,
        words=lambda task: _("No report yet, four weeks after the last session"),
        url=lambda task: reverse("cohort", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        within=REPORT_BY,
        found_by="starts_at",
        watched=True,
    ),
]


def accounts(asked: Asked) -> Iterable[Task]:
    open_ones = accounts_to_do()
    if n := open_ones.unsent:
        words = ngettext("%(n)s e-mail did not go out", "%(n)s e-mails did not go out", n)
        yield Task(None, "unsent", asked.today, sentence=words % {"n": n}, address=reverse("users_mail"))
    if n := open_ones.invited:
        words = ngettext(
            "%(n)s person is invited and has not joined", "%(n)s people are invited and have not joined", n
        )
        yield Task(None, "invited", asked.today, sentence=words % {"n": n}, address=reverse("users"))


ACCOUNTS = Whole("accounts", P.USER_MANAGE, accounts)
