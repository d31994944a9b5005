"""What is asked about reports: why one cannot be published, which quotes stand in it, which version is the newest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.collecting import collect
from evaluation.models import ChosenQuote, Report, ReportVersion
from evaluation.reports import editions
from evaluation.reports.sections import does_not_fit, missing
from evaluation.reports.sentences import Sentence, suggested
from feedback.quotes import queries as quotes
from programmes.checklist.lines import Phase
from programmes.checklist.readiness import dates_of, phase_at
from programmes.models import Cohort


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


def sentences_of(cohort: Cohort, now: datetime) -> list[Sentence]:
    """What the data says of this group by now."""
    return suggested(editions.preview(cohort, now), is_over=phase_at(dates_of(cohort), now) == Phase.AFTER)


def quotes_chosen(report: Report) -> list[ChosenQuote]:
    """Those that may stand today, in their order."""
    chosen = report.chosen_quotes.filter(quote__in=quotes.standing(report.cohort))
    return list(chosen.select_related("quote").prefetch_related("quote__themes"))


def last_published(cohorts: Iterable[Cohort]) -> dict[int, ReportVersion]:
    """The newest version of each group's report."""
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts).without_contents().order_by("number")
    return {version.report.cohort_id: version for version in versions}
