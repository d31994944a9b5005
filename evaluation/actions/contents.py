"""What stands in a report beside its text: recommendations, and people's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.utils.translation import gettext as _

from evaluation.actions.reports import locked_report
from evaluation.models import ChosenQuote, Recommendation, Report
from feedback import quote_queries
from ppg import audit
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort

MOST_RECOMMENDATIONS = 8
MOST_QUOTES = 6
UP = "up"  # anything else: down


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
def move_recommendation(*, cohort: Cohort, code: str, way: str, by: User) -> None:
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
    quote = quote_queries.standing(cohort).filter(code=code).first()
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
def move_quote(*, cohort: Cohort, code: str, way: str, by: User) -> None:
    report = locked_report(cohort)
    rows = quotes_chosen(report)
    _move(rows, [row.quote.code for row in rows], code, way)
    _changed(report, by, "quotes")


def quotes_chosen(report: Report) -> list[ChosenQuote]:
    """Those that may stand today, in their order."""
    chosen = report.chosen_quotes.filter(quote__in=quote_queries.standing(report.cohort))
    return list(chosen.select_related("quote").prefetch_related("quote__themes"))


def _next(rows: models.QuerySet[Recommendation] | models.QuerySet[ChosenQuote]) -> int:
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1


def _move(rows: Sequence[Recommendation | ChosenQuote], codes: list[str], code: str, way: str) -> None:
    """Changes places with the neighbour; the first stays first."""
    if code not in codes:
        raise Refused(_("Somebody has removed this meanwhile."))
    order = list(rows)
    place = codes.index(code)
    other = place - 1 if way == UP else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    for position, row in enumerate(order, start=1):
        row.position = position
        row.save(update_fields=["position"])


def _changed(report: Report, by: User, what: str) -> None:
    audit.record(by, audit.Verb.CHANGED, report, cohort=report.cohort, fields=[what])
