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

from evaluation import thresholds
from evaluation.across_beside import Bases, told
from evaluation.across_rows import Group, chosen
from evaluation.across_stored import bases_of, figures_of
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
    if not AcrossReport.objects.filter(pk=report.pk, state__in=GOING).update(state=State.CANCELLED, figures=None):
        raise Refused(_("This report is not being made any more, so there is nothing to cancel."))
    audit.record(by, audit.Verb.CHANGED, report, fields=["state"])


# --- For the worker --------------------------------------------------------------------------------------


def begin(code: str, now: datetime) -> AcrossReport | None:
    """The report, if it is to be made now and by nobody else."""
    lost = Q(state=State.RUNNING) & (Q(beat_at=None) | Q(beat_at__lt=now - LOST_AFTER))
    mine = AcrossReport.objects.filter(Q(state=State.WAITING) | lost, code=code, tries__lt=MOST_TRIES)
    if not mine.update(state=State.RUNNING, beat_at=now, done=0, figures=None, tries=F("tries") + 1):
        return None
    return AcrossReport.objects.select_related("programme").get(code=code)


def _at_work(report: AcrossReport) -> Any:
    return AcrossReport.objects.filter(pk=report.pk, state=State.RUNNING, tries=report.tries)


def go_on(report: AcrossReport, done: int, of: int) -> bool:
    """Notes how far it is. False: it was cancelled, or somebody else makes it."""
    return bool(_at_work(report).update(done=done, of=of, beat_at=timezone.now()))


def keep(report: AcrossReport, whole: Figures, groups: Sequence[Group]) -> Figures | None:
    """Holds back what must be, beside all reports made before, and keeps the rest. None: nobody waits for it.

    Of two reports at once neither would know what the other tells: so it is worked out again where another one was
    kept meanwhile. The lock is held for that look alone, as nobody can tick a register during it on SQLite.
    """
    bases = {group.code: group.basis for group in groups}
    while True:
        seen = list(_others(report))
        shown = told(whole, bases, _earlier(seen, bases), team=thresholds.team(), shared=thresholds.shared())
        stored = {"figures": shown.to_dict(), "groups": [stored_line(group) for group in groups]}
        with transaction.atomic():
            list(AcrossReport.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
            if list(_others(report)) == seen:
                return shown if _at_work(report).update(figures=stored, beat_at=timezone.now()) else None


def _others(report: AcrossReport) -> Any:
    """Keys of the reports with figures, over days that overlap."""
    others = AcrossReport.objects.exclude(pk=report.pk).exclude(figures=None)
    others = others.filter(from_on__lte=report.until_on, until_on__gte=report.from_on)
    return others.order_by("pk").values_list("pk", flat=True)


def stored_line(group: Group) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in astuple(group)]


def _earlier(keys: Sequence[int], bases: Bases) -> list[tuple[Figures, Bases]]:
    """Those over some of the same groups, one read at a time: each may list thousands."""
    found: list[tuple[Figures, Bases]] = []
    for key in keys:
        other = AcrossReport.objects.only("figures").filter(pk=key).exclude(figures=None).first()
        if other and (past := bases_of(other)).keys() & bases.keys():
            found.append((figures_of(other), past))
    return found


def finish(report: AcrossReport, pdf: bytes) -> None:
    _at_work(report).update(state=State.DONE, pdf=pdf, done=F("of"), finished_at=timezone.now())


def fail(report: AcrossReport) -> None:
    _at_work(report).update(state=State.FAILED, figures=None, finished_at=timezone.now())


def lost(now: datetime) -> list[str]:
    """Reports nobody works at any more, to be begun again; those begun too often are given up."""
    quiet = AcrossReport.objects.filter(state=State.RUNNING, beat_at__lt=now - LOST_AFTER)
    quiet.filter(tries__gte=MOST_TRIES).update(state=State.FAILED, figures=None, finished_at=now)
    return list(quiet.filter(tries__lt=MOST_TRIES).values_list("code", flat=True))
