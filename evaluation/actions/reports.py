"""The report: its text, and publishing it as a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import collect
from evaluation.jobs import make_pdf
from evaluation.models import Report, ReportVersion
from evaluation.report import Cover
from evaluation.sections import ALL
from ppg import audit, service
from ppg.jobs import enqueue_on_commit
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort


class SavedMeanwhile(Refused):
    """Somebody else saved the text after this page was opened."""


def locked_report(cohort: Cohort) -> Report:
    """The cohort's report, held, so that publishing and withdrawing happen one after the other."""
    Report.objects.get_or_create(cohort=cohort)
    return Report.objects.select_for_update(of=["self"]).select_related("edited_by").get(cohort=cohort)


def stamp(report: Report | None) -> str:
    """Which saved text a page was opened with."""
    return report.edited_at.isoformat() if report and report.edited_at else ""


@transaction.atomic
def save_text(*, cohort: Cohort, text: Mapping[str, str], seen: str, by: User, at: datetime | None = None) -> Report:
    """Keeps the text, unless somebody else did since the page was opened (`seen`, see `stamp`)."""
    report = locked_report(cohort)
    written = {section.key: text.get(section.key, "") for section in ALL}
    changed = [key for key, words in written.items() if report.text.get(key, "") != words]
    if not changed:
        return report
    if stamp(report) != seen:
        when = timezone.localtime(report.edited_at).strftime("%H:%M") if report.edited_at else ""
        sentence = _(
            "%(name)s saved this text at %(when)s, after you opened it. "
            "What you typed is still here. Press Save again to keep yours in place of theirs."
        )
        raise SavedMeanwhile(sentence % {"name": report.edited_by or _("Somebody"), "when": when})
    report.text, report.edited_at, report.edited_by = written, at or timezone.now(), by
    report.save(update_fields=["text", "edited_at", "edited_by"])
    audit.record(by, audit.Verb.CHANGED, report, cohort=cohort, fields=changed)
    return report


def missing(text: Mapping[str, str]) -> list[str]:
    """Sections a report is not published without, by key."""
    return [section.key for section in ALL if section.needed and not text.get(section.key, "").strip()]


@transaction.atomic
def publish(*, cohort: Cohort, by: User, at: datetime | None = None) -> ReportVersion:
    """Freezes text and figures as the next numbered version; the worker makes its PDF."""
    now = at or timezone.now()
    report = locked_report(cohort)
    if missing(report.text):
        raise Refused(_("Some parts are still empty. Write them, then publish."))
    figures = collect.shown(cohort, now)
    if not figures.sessions_held:
        raise Refused(_("No session has been held yet, so there is nothing to report."))
    last = report.versions.aggregate(last=Max("number"))["last"] or 0
    version = ReportVersion.objects.create(
        report=report,
        number=last + 1,
        text=report.text,
        figures=figures.to_dict(),
        cover=_cover(cohort, last + 1, now).to_dict(),
        published_at=now,
        published_by=by,
    )
    audit.record(by, audit.Verb.CREATED, version, cohort=cohort, fields=["text", "figures"])
    enqueue_on_commit(make_pdf, version.code)
    return version


def _cover(cohort: Cohort, number: int, now: datetime) -> Cover:
    days = [session.day for session in cohort.sessions.taking_place().order_by("starts_at")]
    ours = service.current()
    return Cover(
        service=ours.name,
        organisation=ours.organisation,
        programme=cohort.programme.title,
        cohort=cohort.name,
        area=cohort.area,
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        number=number,
        published_on=timezone.localdate(now),
    )
