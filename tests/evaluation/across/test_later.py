"""A group's own version, laid beside reports over many groups that were told before it."""

from dataclasses import replace

import pytest
from django.utils import timezone

from evaluation.across import told_together
from evaluation.across.counts import Told
from evaluation.collecting import collect
from evaluation.disclosure.counts import Counts
from evaluation.figures.shapes import MethodCount
from tests.evaluation import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def compare(cohort, monkeypatch):
    """`compare(figures, published, {column: n})`: what stands beside that report, with so many of this group."""

    def made(figures, published, added):
        counts = Counts()
        counts.add(cohort.code, added)
        monkeypatch.setattr(told_together, "_told_of", lambda group: [Told(published, counts)])
        return told_together.beside_reports(cohort, figures)

    return made


def present(figures, number):
    return next(session.present for session in figures.sessions if session.number == number)


@pytest.mark.parametrize(("then", "stays"), [(7, True), (8, False), (5, False), (2, True), (12, True)])
def test_a_session_at_which_few_more_or_less_were_then_is_held_back(compare, cohort, held, then, stays):
    now = collect.shown(cohort, timezone.now())
    assert present(now, 2) == 7
    made = compare(now, samples.whole(), {("present", "2"): then})
    assert (present(made, 2) == 7) is stays and (present(made, 2) is None) is not stays


def test_where_the_report_did_not_tell_of_the_session_nothing_is_held_back(compare, cohort, held):
    now = collect.shown(cohort, timezone.now())
    told = samples.whole(sessions=samples.sessions()[:1])
    assert compare(now, told, {("present", "2"): 8}) == now


def test_so_is_a_way_of_exploiting_that_few_more_told_of(compare, cohort, held):
    now = replace(collect.shown(cohort, timezone.now()), methods=(MethodCount("gifts", 6), MethodCount("debt", 9)))
    told = replace(samples.whole(), methods=(MethodCount("gifts", 20), MethodCount("debt", 20)))
    made = compare(now, told, {("method", "gifts"): 5, ("method", "debt"): 9})
    assert [row.method for row in made.methods] == ["debt"]
