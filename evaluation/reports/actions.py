"""What is done to a report: its text, what stands beside it, publishing it, and taking quotes out of it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.across import releases
from evaluation.collecting import collect
from evaluation.locks import locked_report
from evaluation.models import ChosenQuote, Recommendation, Report, ReportVersion
from evaluation.reports import drafting, editions, writing
from evaluation.reports.jobs import make_pdf
from evaluation.reports.pages import cover_now
from evaluation.reports.queries import quotes_chosen, why_not_publish
from evaluation.reports.sections import ALL
from feedback.quotes import queries as quotes
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.links.codes import new_code
from ppg.models import User
from programmes.models import Cohort

KEYS = {section.key for section in ALL}
MOST_RECOMMENDATIONS = 8
MOST_QUOTES = 6
UP, DOWN = -1, 1  # how far to move in a list


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
    sitting_rows = {row.section: row for row in report.texts.filter(sitting=sitting)}
    now = _after_the_last(report, at or timezone.now())
    new = []
    for key, words in text.items():
        row = sitting_rows.get(key)
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


@transaction.atomic
def add_sentence(
    *, cohort: Cohort, section: str, sentence: str, by: User, sitting: str, at: datetime | None = None
) -> None:
    """A sentence at the end of a section, once. Under the lock: it is put to the text that stands now."""
    text = writing.with_sentence(locked_report(cohort).text.get(section, ""), sentence)
    save_text(cohort=cohort, text={section: text}, by=by, sitting=sitting, at=at)


# --- Publishing --------------------------------------------------------------------------------------


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
    releases.hold()
    figures = releases.compared_with_releases(cohort, collect.shown(cohort, now))
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


# --- What stands beside the text ----------------------------------------------------------------------


@transaction.atomic
def recommend(*, cohort: Cohort, text: str, owner: str, due_on: date | None, by: User) -> Recommendation:
    report = locked_report(cohort)
    if report.recommendations.count() >= MOST_RECOMMENDATIONS:
        sentence = _("A report has up to %(most)s recommendations. Put two together, or remove one.")
        raise Refused(sentence % {"most": MOST_RECOMMENDATIONS})
    place = _next(report.recommendations.all())
    made = report.recommendations.create(text=text, owner=owner, due_on=due_on, position=place)
    _changed(report, by, "recommendations")
    return made


@transaction.atomic
def change_recommendation(*, cohort: Cohort, code: str, text: str, owner: str, due_on: date | None, by: User) -> None:
    report = locked_report(cohort)
    if not report.recommendations.filter(code=code).update(text=text, owner=owner, due_on=due_on):
        raise Refused(_("Somebody has removed this recommendation meanwhile."))
    _changed(report, by, "recommendations")


@transaction.atomic
def remove_recommendation(*, cohort: Cohort, code: str, by: User) -> None:
    """Done twice, it is done once."""
    report = locked_report(cohort)
    if report.recommendations.filter(code=code).delete()[0]:
        _changed(report, by, "recommendations")


@transaction.atomic
def move_recommendation(*, cohort: Cohort, code: str, way: int, by: User) -> None:
    report = locked_report(cohort)
    rows = list(report.recommendations.all())
    _move(rows, [row.code for row in rows], code, way)
    _changed(report, by, "recommendations")


@transaction.atomic
def choose_quote(*, cohort: Cohort, code: str, by: User) -> None:
    """Whether it may stand is asked under the report's lock: whoever takes it out waits for it, and finds it here."""
    report = locked_report(cohort)
    if report.chosen_quotes.filter(quote__code=code).exists():
        return
    quote = quotes.standing(cohort).filter(code=code).first()
    if quote is None:
        raise Refused(_("These words may not stand in a report: they were taken out, or are not signed off."))
    if len(quotes_chosen(report)) >= MOST_QUOTES:
        raise Refused(_("A report has up to %(most)s quotes. Leave one out first.") % {"most": MOST_QUOTES})
    report.chosen_quotes.create(quote=quote, position=_next(report.chosen_quotes.all()))
    _changed(report, by, "quotes")


@transaction.atomic
def leave_out_quote(*, cohort: Cohort, code: str, by: User) -> None:
    """Done twice, it is done once."""
    report = locked_report(cohort)
    if report.chosen_quotes.filter(quote__code=code).delete()[0]:
        _changed(report, by, "quotes")


@transaction.atomic
def move_quote(*, cohort: Cohort, code: str, way: int, by: User) -> None:
    report = locked_report(cohort)
    rows = quotes_chosen(report)
    _move(rows, [row.quote.code for row in rows], code, way)
    _changed(report, by, "quotes")


def _next(rows: models.QuerySet[Recommendation] | models.QuerySet[ChosenQuote]) -> int:
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1


def _move(rows: Sequence[Recommendation | ChosenQuote], codes: list[str], code: str, way: int) -> None:
    """Changes places with the neighbour; the first stays first."""
    if code not in codes:
        raise Refused(_("Somebody has removed this meanwhile."))
    order = list(rows)
    place = codes.index(code)
    other = place + way
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, start=1):
        row.position = position
        row.save(update_fields=["position"])


def _changed(report: Report, by: User, what: str) -> None:
    audit.record(by, audit.Verb.CHANGED, report, cohort=report.cohort, fields=[what])


# --- Quotes that may not stand any more -----------------------------------------------------------------


def take_quotes_out(codes: set[str], cohorts: set[int], at: datetime) -> None:
    """Out of the report being written, and out of every published version, where a note stays in their place.

    Runs in the transaction that takes them out. The report is held: what is published at this moment either has read
    that they are gone, or is found here.
    """
    for cohort in Cohort.objects.filter(pk__in=cohorts).order_by("pk"):
        report = locked_report(cohort)
        ChosenQuote.objects.filter(report=report, quote__code__in=codes).delete()
        for version in ReportVersion.objects.select_for_update().filter(report=report).defer("pdf", "shared_pdf"):
            _out_of(version, codes, at)


def _out_of(version: ReportVersion, codes: set[str], at: datetime) -> None:
    if not any(quote.get("code") in codes for quote in version.quotes):
        return
    version.quotes = [quote | {"words": ""} if quote.get("code") in codes else quote for quote in version.quotes]
    version.superseded_at = version.superseded_at or at
    version.pdf = version.shared_pdf = None
    version.save(update_fields=["quotes", "superseded_at", "pdf", "shared_pdf"])
    enqueue_on_commit(make_pdf, version.code)
