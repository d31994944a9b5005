"""A report over many groups: asked for, begun, told how far it is, ended one way or the other.

Each making has a number (`tries`). Whoever writes says which it is, so a worker that was thought dead, or a report that
was cancelled meanwhile, changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import told_together
from evaluation.across_beside import told
from evaluation.across_rows import Group, chosen
from evaluation.disclosure.counts import Counts
from evaluation.figures import Figures
from evaluation.models import AcrossReport
from ppg import audit
from ppg.jobs import MOST_TRIES
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Programme

State = AcrossReport.State
GOING = (State.WAITING, State.RUNNING)
LOST_AFTER = timedelta(minutes=2)  # without a sign of life


@transaction.atomic
def ask(
    *, from_on: date, until_on: date, area: str, programme: Programme | None, by: User, at: datetime | None = None
) -> AcrossReport:
    """Asks for a report; the worker makes it."""
    report = AcrossReport(from_on=from_on, until_on=until_on, area=area, programme=programme, asked_by=by)
    report.asked_at = at or timezone.now()
    report.of = chosen(report).count()
    if not report.of:
        raise Refused(_("No group began between these days there. Choose other days, another area or programme."))
    report.save()
    audit.record(by, audit.Verb.CREATED, report)
    return report


@transaction.atomic
def cancel(*, report: AcrossReport, by: User) -> None:
    """The page says so at once; the worker stops at its next few groups."""
    if not AcrossReport.objects.filter(pk=report.pk, state__in=GOING).update(
        state=State.CANCELLED, figures=None, counts=None
    ):
        raise Refused(_("This report is not being made any more, so there is nothing to cancel."))
    audit.record(by, audit.Verb.CHANGED, report, fields=["state"])


# --- For the worker --------------------------------------------------------------------------------------


def begin(code: str, now: datetime) -> AcrossReport | None:
    """The report, if it is to be made now and by nobody else."""
    lost = Q(state=State.RUNNING) & (Q(beat_at=None) | Q(beat_at__lt=now - LOST_AFTER))
    mine = AcrossReport.objects.filter(Q(state=State.WAITING) | lost, code=code, tries__lt=MOST_TRIES)
    if not mine.update(state=State.RUNNING, beat_at=now, done=0, figures=None, counts=None, tries=F("tries") + 1):
        return None
    return AcrossReport.objects.select_related("programme").get(code=code)


def _at_work(report: AcrossReport) -> Any:
    return AcrossReport.objects.filter(pk=report.pk, state=State.RUNNING, tries=report.tries)


def go_on(report: AcrossReport, done: int, of: int) -> bool:
    """Notes how far it is. False: it was cancelled, or somebody else makes it."""
    return bool(_at_work(report).update(done=done, of=of, beat_at=timezone.now()))


def keep(report: AcrossReport, whole: Figures, counts: Counts, groups: Sequence[Group]) -> Figures | None:
    """Holds back what must be, beside all that was told of several groups before, and keeps the rest.
    None: nobody waits for it.

    It is worked out again where something was told meanwhile. The lock is held for that look alone, as nobody can tick
    a register during it on SQLite.
    """
    while True:
        seen = told_together.keys(besides=report)
        shown = told(whole, counts, told_together.beside(counts, seen))
        stored = {"figures": shown.to_dict(), "groups": [stored_line(group) for group in groups]}
        with transaction.atomic():
            told_together.hold()
            if told_together.keys(besides=report) == seen:
                kept = {"figures": stored, "counts": counts.to_bytes(), "beat_at": timezone.now()}
                return shown if _at_work(report).update(**kept) else None


def stored_line(group: Group) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in astuple(group)]


def finish(report: AcrossReport, pdf: bytes) -> None:
    _at_work(report).update(state=State.DONE, pdf=pdf, done=F("of"), finished_at=timezone.now())


def fail(report: AcrossReport) -> None:
    _at_work(report).update(state=State.FAILED, figures=None, counts=None, finished_at=timezone.now())


def lost(now: datetime) -> list[str]:
    """Reports nobody works at any more, to be begun again; those begun too often are given up."""
    quiet = AcrossReport.objects.filter(state=State.RUNNING, beat_at__lt=now - LOST_AFTER)
    quiet.filter(tries__gte=MOST_TRIES).update(state=State.FAILED, figures=None, counts=None, finished_at=now)
    return list(quiet.filter(tries__lt=MOST_TRIES).values_list("code", flat=True))
