"""What reports know of a group that somebody leaves: whether it is published, and whether they are writing in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from evaluation.models import ReportVersion, SectionText
from ppg.models import User


def report_published(cohorts: Collection[int]) -> set[int]:
    """Of these groups those whose report is published and up to date: after a withdrawal the next version is due."""
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts).order_by("number")
    latest = dict(versions.values_list("report__cohort", "superseded_at"))
    return {cohort for cohort, superseded_at in latest.items() if superseded_at is None}


def report_begun(cohorts: Collection[int], user: User) -> Mapping[int, str]:
    """Where they wrote something that is in no published version yet. It stands in the group's report and stays
    there: whoever leads the group goes on with it."""
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts).order_by()
    published: dict[int, datetime] = dict(versions.values_list("report__cohort").annotate(last=Max("published_at")))
    texts = SectionText.objects.filter(by=user, report__cohort__in=cohorts).order_by()
    written = texts.values_list("report__cohort").annotate(last=Max("at"))
    sentence = _("They wrote in its report, which is not published yet. The text stays; its lead goes on with it.")
    return {cohort: sentence for cohort, at in written if cohort not in published or at > published[cohort]}
