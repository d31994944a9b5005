"""Each step of `STEPS` leads where it says, done the way the product does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from caregivers.consents.actions import withdraw
from caregivers.models import Place
from evaluation.models import Report, ReportVersion
from evaluation.models.reports import STEPS
from evaluation.reports import actions as reports

pytestmark = pytest.mark.django_db
State = Report.State


def publish(report: Report) -> None:
    reports.publish(cohort=report.cohort, by=report.edited_by)


def withdrawn(report: Report) -> None:
    place = Place.objects.filter(cohort=report.cohort).first()
    withdraw(caregiver=place.caregiver, kind="evaluation")


def quote_taken_out(report: Report) -> None:
    ReportVersion.objects.update(quotes=[{"code": "a", "words": "It helped.", "theme": ""}])
    with transaction.atomic():
        reports.take_quotes_out({"a"}, {report.cohort_id}, timezone.now())


DO: dict[str, Callable[[Report], object]] = {
    "publish": publish,
    "publish again": publish,
    "somebody withdraws their answers": withdrawn,
    "a quote is taken out": quote_taken_out,
}
# How each state is reached.
WAY: dict[str, list[str]] = {
    State.WRITTEN: [],
    State.PUBLISHED: ["publish"],
    State.OUT_OF_DATE: ["publish", "somebody withdraws their answers"],
}


def after(report: Report, steps: list[str]) -> str:
    for step in steps:
        DO[step](report)
    return report.state()


def test_each_state_is_in_the_table_and_reached():
    assert set(STEPS) == set(WAY) == set(State)


@pytest.mark.parametrize(("start", "step"), [(start, step) for start in STEPS for step in STEPS[start]])
def test_each_step_leads_where_the_table_says(held, report, no_pdf, start, step):
    assert after(report, WAY[start]) == start
    assert {after(report, [step])} == STEPS[start][step]
