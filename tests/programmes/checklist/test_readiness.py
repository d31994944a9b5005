"""Where a group stands in time, and what stands between today and its first session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver
from programmes.checklist import actions as checklist_actions
from programmes.checklist import lines as checklist
from programmes.checklist import queries as checklist_queries
from programmes.checklist import readiness
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.checklist.queries import ChecklistRow
from programmes.checklist.readiness import Dates, Ready
from tests.factories import SessionFactory
from tests.hooks import also, only
from tests.markup import on_one_line

FIRST = datetime(2026, 3, 9, 18, tzinfo=UTC)
LAST = datetime(2026, 4, 13, 18, 30, tzinfo=UTC)  # 19:30 in London, when the last session ends


@pytest.mark.parametrize(
    ("dates", "now", "phase"),
    [
        (Dates(), FIRST, "before"),
        (Dates(FIRST, LAST), FIRST - timedelta(seconds=1), "before"),
        (Dates(FIRST, LAST), FIRST, "during"),
        (Dates(FIRST, LAST), LAST - timedelta(seconds=1), "during"),
        (Dates(FIRST, LAST), LAST, "after"),
    ],
)
def test_the_phase_of_a_moment(dates, now, phase):
    assert readiness.phase_at(dates, now) == phase


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (FIRST.date() - timedelta(days=12), "12 days are left until the first session: Monday 9 March, 6pm."),
        (FIRST.date() - timedelta(days=2), "2 days are left until the first session: Monday 9 March, 6pm."),
        (FIRST.date() - timedelta(days=1), "The first session is tomorrow: Monday 9 March, 6pm."),
        (FIRST.date(), "The first session is today: Monday 9 March, 6pm."),
    ],
)
def test_how_long_there_is(today, sentence):
    assert Ready([], FIRST, today).until == sentence
    assert Ready([], None, today).until == "The group has no session yet."


def test_days_are_counted_on_the_calendar_not_by_the_clock():
    """From late on Sunday to early on Tuesday are two days, also when the clocks change in between."""
    start = datetime(2026, 3, 31, 6, tzinfo=UTC)
    now = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # summer time begins in the night
    assert readiness.ready([row("one")], Dates(start, start), now).days == 3


def row(slug, done=False, phase=Phase.BEFORE):
    return ChecklistRow(Line(phase, slug, slug), Progress(int(done), 1, "") if done else None, None)


def test_what_is_open_before_and_nothing_else():
    found = readiness.ready([row("a", done=True), row("b"), row("c", phase=Phase.DURING)], Dates(), FIRST)
    assert [one.line.slug for one in found.open] == ["b"]
    assert readiness.ready([row("b")], Dates(FIRST, LAST), FIRST) is None  # the group has begun
    assert readiness.ready([row("c", phase=Phase.DURING)], Dates(), FIRST) is None


# --- The page ----------------------------------------------------------------------------------------------


@pytest.fixture
def lines(monkeypatch):
    """One line in each phase; the one before is open for Rosa and for the team."""
    missing = (
        Missing("Rosa Marsh", "/rosa/", checklist.P.CHECK_RECORD, person=Caregiver()),
        Missing("The team", "/team/", checklist.P.TEAM_EDIT),
        Missing("Add one", "/add/", checklist.P.TEAM_EDIT, action=True),
    )
    only(monkeypatch, checklist.lines)
    checklist.lines.add(
        Line(Phase.BEFORE, "checks", "Police checks", rule=lambda _: Progress(6, 8, "6 of 8", 0, missing))
    )
    checklist.lines.add(Line(Phase.DURING, "packs", "Packs sent"))
    checklist.lines.add(Line(Phase.AFTER, "report", "Report published"))
    return checklist.lines


def page_of(client, cohort):
    answer = client.get(reverse("programmes:checklist", args=[cohort.code]))
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.mark.django_db
def test_the_summary_leads_to_the_line_and_the_line_to_where_it_is_done(lines, browser_of, lead, cohort):
    SessionFactory(cohort=cohort, starts_at=timezone.localtime() + timedelta(days=12))  # at this time of the day
    page = page_of(browser_of(lead), cohort)
    assert "Ready? 1 thing is open" in page and "12 days are left" in page
    assert '<a class="govuk-link" href="#checks">Police checks</a>: 6 of 8' in on_one_line(page)
    assert 'href="/rosa/"' in page and 'href="/team/"' in page


@pytest.mark.django_db
def test_who_cannot_do_it_sees_the_name_without_a_link(lines, browser_of, facilitator, cohort):
    page = page_of(browser_of(facilitator), cohort)
    assert "Rosa Marsh" in page and "The team" in page
    assert 'href="/rosa/"' not in page and 'href="/team/"' not in page and "Add one" not in page  # nothing to press


@pytest.mark.django_db
def test_a_caregivers_name_is_for_those_who_may_see_the_people(lines, cohort, manager, lead):
    shown = {user.name: checklist_queries.rows(cohort, user)["Before"][0].missing for user in (manager, lead)}
    assert [one.label for one in shown["Mo Manager"]] == ["The team"]
    assert [one.label for one in shown["Lena Lead"]] == ["Rosa Marsh", "The team", "Add one"]
    assert checklist_queries.rows(cohort)["Before"][0].missing == ()


@pytest.mark.django_db
def test_everything_done_is_said(lines, browser_of, lead, cohort, monkeypatch):
    also(monkeypatch, lines, Line(Phase.BEFORE, "checks", "Police checks"))
    checklist_actions.tick(cohort=cohort, line=lines["checks"], done=True, by=lead)
    page = page_of(browser_of(lead), cohort)
    assert "Everything before the first session is done." in page
    assert "The group has no session yet." in page


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "order"), [(3, "before"), (-3, "during"), (-90, "after")])
def test_the_phase_of_today_comes_first(lines, browser_of, lead, cohort, days, order):
    start = timezone.now() + timedelta(days=days)
    for week in range(6):
        SessionFactory(cohort=cohort, number=week + 1, starts_at=start + timedelta(weeks=week))
    page = page_of(browser_of(lead), cohort)
    phases = ["before", "during", "after"]
    at = {phase: page.index(f'id="{phase}"') for phase in phases}
    assert sorted(phases, key=at.__getitem__) == [order, *(phase for phase in phases if phase != order)]
    assert page.index('id="' + order) < page.index("Now</strong>")
    assert ("Ready?" in page) == (order == "before")


@pytest.mark.django_db
def test_a_line_that_ticks_itself_may_be_called_enough(lines, browser_of, lead, cohort):
    checklist.lines.add(
        Line(Phase.BEFORE, "found", "People found", rule=lambda _: Progress(5, 8, "5 of 8"), enough="These are enough")
    )
    client = browser_of(lead)
    assert "These are enough" in page_of(client, cohort)
    client.post(reverse("programmes:checklist_tick", args=[cohort.code, "found"]), {"done": "yes"})
    page = page_of(client, cohort)
    assert "Ticked by Lena Lead" in page and "5 of 8" in page and "Ready? 1 thing is open" in page
    assert checklist_queries.rows(cohort)["Before"][1].done
