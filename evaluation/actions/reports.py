"""The report: its text, and publishing it as a version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import collect
from evaluation.across import told_together
from evaluation.jobs import make_pdf
from evaluation.models import Report, ReportVersion
from evaluation.reports import drafting, editions
from evaluation.reports.report import cover_now
from evaluation.reports.sections import ALL, does_not_fit
from ppg import audit
from ppg.jobs import enqueue_on_commit
from ppg.links import new_code
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort

KEYS = {section.key for section in ALL}


def locked_report(cohort: Cohort) -> Report:
    """The cohort's report, held, so that publishing and withdrawing happen one after the other."""
    Report.objects.get_or_create(cohort=cohort)
    return Report.objects.select_for_update(of=["self"]).select_related("edited_by").get(cohort=cohort)


# --- Writing -----------------------------------------------------------------------------------------


@transaction.atomic
def save_text(
    *, cohort: Cohort, text: Mapping[str, str], by: User, sitting: str = "", at: datetime | None = None
) -> Report:
    """Keeps what somebody wrote, section by section: a row for each sitting, and the latest stands.

    Nobody's text is written over by somebody else's: it stays in its own row.
    """
    report = locked_report(cohort)
    sitting = sitting or new_code()
    own = {row.section: row for row in report.texts.filter(sitting=sitting)}
    now = _after_the_last(report, at or timezone.now())
    new = []
    for key, words in text.items():
        row = own.get(key)
        if key not in KEYS or words == (row.text if row else report.text.get(key, "")):
            continue
        if row:
            row.text, row.at = words, now
            row.save(update_fields=["text", "at"])
        else:
            report.texts.create(section=key, text=words, by=by, sitting=sitting, at=now)
            new.append(key)
        report.text = {**report.text, key: words}
        report.edited_at, report.edited_by = now, by
    if report.edited_at == now:
        report.save(update_fields=["text", "edited_at", "edited_by"])
    if new:  # once for each sitting: the text is kept every few seconds
        audit.record(by, audit.Verb.CHANGED, report, cohort=cohort, fields=new)
    return report


def _after_the_last(report: Report, now: datetime) -> datetime:
    """Each saving is later than the one before, whatever the clocks of two machines say."""
    return max(now, report.edited_at + timedelta(microseconds=1)) if report.edited_at else now


@transaction.atomic
def take_text(*, cohort: Cohort, section: str, sitting: str, by: User, at: datetime | None = None) -> None:
    """An earlier text, or somebody else's, stands again: as a new row, so that what it replaces stays too."""
    row = locked_report(cohort).texts.filter(section=section, sitting=sitting).first()
    if row is None:
        raise Refused(_("This text is not there any more."))
    save_text(cohort=cohort, text={section: row.text}, by=by, at=at)


# --- Publishing --------------------------------------------------------------------------------------


def missing(text: Mapping[str, str], recommendations: int = 0) -> list[str]:
    """Sections a report is not published without, by key. recommendations: how many are kept one by one."""
    needed = [section.key for section in ALL if section.needed and not text.get(section.key, "").strip()]
    return needed if recommendations or text.get("recommendations", "").strip() else [*needed, "recommendations"]


def why_not_publish(report: Report, last: int | None, now: datetime) -> str:
    """The sentence that refuses, or nothing. last: the newest version that whoever publishes has seen."""
    newest = report.versions.without_contents().select_related("published_by").first()
    if last is not None and newest and newest.number > last:
        words = {"number": newest.number, "name": newest.published_by}
        return _("Version %(number)s was published meanwhile by %(name)s. Look at it before you publish.") % words
    if not collect.has_begun(report.cohort, now):
        return _("No session has been held yet, so there is nothing to report.")
    if missing(report.text, report.recommendations.count()):
        return _("Some parts are still empty. Write them, then publish.")
    if long := does_not_fit(report.text):
        return _("Too long to be published: %(titles)s.") % {"titles": ", ".join(long)}
    return ""


@transaction.atomic
def publish(
    *, cohort: Cohort, by: User, last: int | None = None, seen: str | None = None, at: datetime | None = None
) -> ReportVersion:
    """Freezes text, figures of both editions, quotes and recommendations as the next numbered version; the worker makes
    its PDFs. The report is held first: a withdrawal comes before or after, never in between.

    last, seen  the newest version and the last saving of the text (`Report.stamp`) that whoever publishes has looked at
    """
    now = at or timezone.now()
    report = locked_report(cohort)
    if why := why_not_publish(report, last, now):
        raise Refused(why)
    if seen is not None and seen != report.stamp:
        raise Refused(_("The text was changed meanwhile. Look at it again, then publish."))
    told_together.hold()
    figures = told_together.beside_reports(cohort, collect.shown(cohort, now))
    shared, pooled_counts = editions.with_counts(cohort, now, figures)
    number = (report.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = ReportVersion.objects.create(
        report=report,
        number=number,
        text=report.text,
        figures=figures.to_dict(),
        shared_figures=shared.to_dict(),
        pooled_counts=pooled_counts,
        quotes=drafting.quotes(report),
        recommendations=drafting.recommendations(report),
        cover=cover_now(cohort, number, now).to_dict(),
        published_at=now,
        published_by=by,
    )
    audit.record(by, audit.Verb.CREATED, version, cohort=cohort, fields=["text", "figures"])
    enqueue_on_commit(make_pdf, version.code)
    return version
