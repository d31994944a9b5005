"""A report over many groups: asked for, begun, told how far it is, ended one way or the other.

Each making has a number (`tries`). Whoever writes says which it is, so a worker that was thought dead, or a report that
was cancelled meanwhile, changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.across import releases
from evaluation.across.redrawing import make_across_pdf
from evaluation.across.rows import Group, chosen
from evaluation.across.suppression import figures_to_release
from evaluation.disclosure.counts import Counts
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossGroup, AcrossQuerySet, AcrossReport
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import MOST_TRIES, enqueue_on_commit
from ppg.models import User
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
    if not _put_down(AcrossReport.objects.filter(pk=report.pk, state__in=GOING), State.CANCELLED):
        raise Refused(_("This report is not being made any more, so there is nothing to cancel."))
    audit.record(by, audit.Verb.CHANGED, report, fields=["state"])


def _put_down(reports: AcrossQuerySet, state: str, **fields: Any) -> int:
    """Ends them with nothing to show."""
    keys = list(reports.values_list("pk", flat=True))
    ended = reports.update(state=state, figures=None, counts=None, **fields)
    AcrossGroup.objects.filter(report__in=keys, report__state=state).delete()
    return ended


# --- For the worker --------------------------------------------------------------------------------------


@transaction.atomic
def begin(code: str, now: datetime) -> AcrossReport | None:
    """The report, if it is to be made now and by nobody else. What an earlier making has read is of no account."""
    lost = Q(state=State.RUNNING) & (Q(beat_at=None) | Q(beat_at__lt=now - LOST_AFTER))
    mine = AcrossReport.objects.filter(Q(state=State.WAITING) | lost, code=code, tries__lt=MOST_TRIES)
    nothing = {"done": 0, "figures": None, "counts": None, "superseded_at": None}
    if not mine.update(state=State.RUNNING, beat_at=now, tries=F("tries") + 1, **nothing):
        return None
    AcrossGroup.objects.filter(report__code=code).delete()
    return AcrossReport.objects.select_related("programme").get(code=code)


def _at_work(report: AcrossReport) -> AcrossQuerySet:
    return AcrossReport.objects.filter(pk=report.pk, state=State.RUNNING, tries=report.tries)


@transaction.atomic
def go_on(report: AcrossReport, done: int, of: int, coming: Collection[int] = ()) -> bool:
    """Notes how far it is, and which groups are read next. False: it was cancelled, or somebody else makes it.

    A withdrawal holds the same lock until it is committed: it comes before, and what is read next is without that
    person, or it finds the groups noted and the report is superseded (`supersede_across`).
    """
    releases.hold()
    if not _at_work(report).update(done=done, of=of, beat_at=timezone.now()):
        return False
    AcrossGroup.objects.bulk_create([AcrossGroup(report=report, cohort_id=key) for key in coming])
    return True


def keep(report: AcrossReport, whole: Figures, counts: Counts, groups: Sequence[Group]) -> Figures | None:
    """Holds back what must be, beside all that was told of several groups before, and keeps the rest.
    None: nobody waits for it, or somebody has withdrawn since their group was read (`read_anew`).

    It is worked out again where something was told meanwhile. The lock is held for that look alone, as nobody can tick
    a register during it on SQLite.
    """
    while True:
        seen = releases.keys(besides=report)
        shown = figures_to_release(whole, counts, releases.prior(counts, seen))
        stored = {"figures": shown.to_dict(), "groups": [stored_line(group) for group in groups]}
        with transaction.atomic():
            releases.hold()
            if releases.keys(besides=report) == seen:
                kept = {"figures": stored, "counts": counts.to_bytes(), "beat_at": timezone.now()}
                return shown if _at_work(report).filter(superseded_at=None).update(**kept) else None


@transaction.atomic
def read_anew(report: AcrossReport) -> bool:
    """Forgets what was read, as somebody in it has withdrawn meanwhile. False: nobody waits for it any more."""
    releases.hold()
    report.groups.all().delete()
    return bool(_at_work(report).update(superseded_at=None, beat_at=timezone.now()))


def stored_line(group: Group) -> list[Any]:
    return [value.isoformat() if isinstance(value, date) else value for value in astuple(group)]


@transaction.atomic
def finish(report: AcrossReport, pdf: bytes) -> None:
    """If somebody withdrew meanwhile, this PDF is not kept: it is drawn again, with the notice."""
    ended = {"state": State.DONE, "done": F("of"), "finished_at": timezone.now()}
    if _at_work(report).filter(superseded_at=None).update(pdf=pdf, **ended):
        return
    if _at_work(report).update(**ended):
        enqueue_on_commit(make_across_pdf, report.code)


def fail(report: AcrossReport) -> None:
    _put_down(_at_work(report), State.FAILED, finished_at=timezone.now())


def lost(now: datetime) -> list[str]:
    """Reports nobody works at any more, to be begun again; those begun too often are given up."""
    quiet = AcrossReport.objects.filter(state=State.RUNNING, beat_at__lt=now - LOST_AFTER)
    _put_down(quiet.filter(tries__gte=MOST_TRIES), State.FAILED, finished_at=now)
    return list(quiet.filter(tries__lt=MOST_TRIES).values_list("code", flat=True))
