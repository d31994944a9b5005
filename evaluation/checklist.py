"""The checklist's last line: the report."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import ReportVersion
from ppg.access.permissions import P
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.models import Cohort


def last_version(cohort: Cohort) -> tuple[Cohort, ReportVersion | None]:
    newest = ReportVersion.objects.filter(report__cohort=cohort).order_by("-number")
    return cohort, newest.only("number", "published_at", "superseded_at").first()


def published(facts: tuple[Cohort, ReportVersion | None]) -> Progress:
    """A version that somebody has withdrawn from since is owed a next one."""
    cohort, version = facts
    write = reverse("evaluation:report", args=[cohort.code])
    if version is None:
        missing = Missing(_("Write the report"), write, P.REPORT_WRITE, action=True)
        return Progress(0, 1, _("Not published yet"), missing=(missing,))
    words = {"number": version.number, "day": date_format(timezone.localdate(version.published_at))}
    if version.superseded_at:
        missing = Missing(_("Publish the next version"), write, P.REPORT_WRITE, action=True)
        sentence = _("Version %(number)s is out of date: somebody has withdrawn") % words
        return Progress(0, 1, sentence, missing=(missing,))
    return Progress(1, 1, _("Version %(number)s published on %(day)s") % words)


LINES = [
    Line(
        Phase.AFTER,
        "evaluation-report",
        gettext_lazy("Evaluation report and recommendations"),
        facts=last_version,
        rule=published,
        order=4,
    ),
]
