"""A group's own version, compared with reports over many groups that were told before it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from evaluation.across import releases
from evaluation.across.counts import Release
from evaluation.collecting import collect
from evaluation.disclosure.counts import Counts
from evaluation.figures.shapes import MethodCount
from evaluation.models import AcrossReport
from tests.evaluation import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def against(cohort, monkeypatch):
    """`against(figures, published, {column: n})`: what stands after a report that published this, with so many of this
    group."""

    def made(figures, published, added):
        counts = Counts()
        counts.add(cohort.code, added)
        monkeypatch.setattr(releases, "_releases_of", lambda group: [Release(published, counts)])
        return releases.compared_with_releases(cohort, figures)

    return made


def present(figures, number):
    return next(session.present for session in figures.sessions if session.number == number)


@pytest.mark.parametrize(("then", "stays"), [(7, True), (8, False), (5, False), (2, True), (12, True)])
def test_a_session_at_which_few_more_or_less_were_then_is_held_back(against, cohort, held, then, stays):
    now = collect.shown(cohort, timezone.now())
    assert present(now, 2) == 7
    made = against(now, samples.whole(), {("present", "2"): then})
    assert (present(made, 2) == 7) is stays and (present(made, 2) is None) is not stays


def test_where_the_report_did_not_tell_of_the_session_nothing_is_held_back(against, cohort, held):
    now = collect.shown(cohort, timezone.now())
    published = samples.whole(sessions=samples.sessions()[:1])
    assert against(now, published, {("present", "2"): 8}) == now


def test_so_is_a_way_of_exploiting_that_few_more_told_of(against, cohort, held):
    now = replace(collect.shown(cohort, timezone.now()), methods=(MethodCount("gifts", 6), MethodCount("debt", 9)))
    published = replace(samples.whole(), methods=(MethodCount("gifts", 20), MethodCount("debt", 20)))
    made = against(now, published, {("method", "gifts"): 5, ("method", "debt"): 9})
    assert [row.method for row in made.methods] == ["debt"]


def test_only_the_releases_that_were_asked_for_are_read(manager):
    day = date(2026, 1, 1)
    fields = {"asked_by": manager, "asked_at": datetime(2026, 2, 1, tzinfo=UTC), "from_on": day, "until_on": day}
    first, _second, third = (AcrossReport.objects.create(figures={"n": n}, **fields) for n in range(3))
    asked = [("report", first.pk), ("report", third.pk)]
    assert list(releases._stored(asked, {"report": "figures"})) == [(asked[0], {"n": 0}), (asked[1], {"n": 2})]
