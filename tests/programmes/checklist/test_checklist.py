"""The checklist of a group: lines that tick themselves, and lines ticked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from programmes.checklist import actions as checklist_actions
from programmes.checklist import lines as checklist
from programmes.checklist.lines import Line, Phase, Progress
from programmes.models import ChecklistLine
from tests.factories import UserFactory
from tests.hooks import only

pytestmark = pytest.mark.django_db

HAND = Line(Phase.BEFORE, "poster", "Poster put up")


@pytest.fixture
def lines(monkeypatch):
    """Only what the test adds."""
    only(monkeypatch, checklist.lines, HAND)
    return checklist.lines


def url(cohort, name="checklist", *slug):
    return reverse(f"programmes:{name}", args=[cohort.code, *slug])


def text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.text.split())


@pytest.mark.parametrize(
    ("done", "of", "due", "complete", "waiting"),
    [
        (0, 6, 0, False, 0),
        (2, 6, 3, False, 1),
        (3, 6, 3, False, 0),
        (6, 6, 6, True, 0),
        (0, 0, 0, False, 0),
        (4, 6, 3, False, 0),
    ],
)
def test_how_far_a_line_is(done, of, due, complete, waiting):
    progress = Progress(done, of, "", due)
    assert (progress.complete, progress.waiting) == (complete, waiting)


def test_a_slug_is_one_line_for_ever(lines):
    with pytest.raises(ValueError, match="poster"):
        checklist.lines.add(Line(Phase.AFTER, "poster", "Something else"))


def test_lines_stand_by_phase_in_the_order_they_were_added(lines, browser_of, lead, cohort):
    checklist.lines.add(Line(Phase.AFTER, "report", "Report published"))
    checklist.lines.add(
        Line(Phase.BEFORE, "contact", "Each caregiver contacted", rule=lambda cohort: Progress(2, 8, "2 of 8"))
    )
    page = text(browser_of(lead).get(url(cohort)))
    found = [page.index(word) for word in ('id="before"', 'id="poster"', 'id="contact"', 'id="after"', 'id="report"')]
    assert found == sorted(found)
    assert "During" not in page  # it has no line
    assert "2 of 8" in page and "0 of 2" in page and "0 of 1" in page  # the line, and how far each phase is


def test_a_line_ticks_itself_and_cannot_be_ticked(lines, browser_of, lead, cohort):
    checklist.lines.add(
        Line(Phase.DURING, "sessions", "Sessions", rule=lambda cohort: Progress(6, 6, "6 of 6 sessions", 6))
    )
    assert "1 of 1" in text(browser_of(lead).get(url(cohort)))
    assert url(cohort, "checklist_tick", "sessions") not in browser_of(lead).get(url(cohort)).text
    with pytest.raises(Refused, match="ticks itself"):
        checklist_actions.tick(cohort=cohort, line=lines["sessions"], done=True, by=lead)
    answer = browser_of(lead).post(url(cohort, "checklist_tick", "sessions"), {"done": "yes"})
    assert answer.status_code == 409
    assert not ChecklistLine.objects.exists()


def test_what_should_be_done_by_now_is_told(lines, browser_of, lead, cohort):
    checklist.lines.add(Line(Phase.DURING, "packs", "Packs", rule=lambda cohort: Progress(2, 6, "2 of 6 sessions", 3)))
    assert "1 to do" in text(browser_of(lead).get(url(cohort)))


def test_by_hand_it_is_ticked_once_says_who_and_is_taken_back(lines, browser_of, facilitator, lead, cohort):
    tick, client = url(cohort, "checklist_tick", "poster"), browser_of(facilitator)
    for who in (client, client, browser_of(lead)):
        answer = who.post(tick, {"done": "yes"})
        assert (answer.status_code, answer["Location"]) == (302, url(cohort) + "#poster")
    row = ChecklistLine.objects.get()
    assert (row.cohort, row.phase, row.slug, row.ticked_by) == (cohort, "before", "poster", facilitator)
    assert "Ticked by Femi Facilitator" in text(client.get(url(cohort)))
    entry = AuditEntry.objects.get(what="checklistline")
    assert (entry.user, entry.ref, entry.cohort, entry.fields) == (facilitator, row.code, cohort.code, ["ticked"])
    for _ in range(2):
        client.post(tick, {"done": "no"})
    row.refresh_from_db()
    assert (row.ticked_at, row.ticked_by) == (None, None)
    assert "Ticked by" not in text(client.get(url(cohort)))
    assert AuditEntry.objects.filter(fields=["unticked"]).count() == 1


@pytest.mark.parametrize("sent", [{}, {"done": "maybe"}])
def test_what_cannot_be_read_ticks_nothing(lines, browser_of, lead, cohort, sent):
    assert browser_of(lead).post(url(cohort, "checklist_tick", "poster"), sent).status_code == 409
    assert not ChecklistLine.objects.exists()


def test_who_and_when(lines, browser_of, lead, facilitator, cohort):
    page, due = url(cohort, "checklist_line", "poster"), timezone.localdate() - timedelta(days=1)
    client = browser_of(lead)
    for _ in range(2):
        assert client.post(page, {"owner": facilitator.pk, "due_on": due})["Location"] == url(cohort)
    row = ChecklistLine.objects.get()
    assert (row.owner, row.due_on) == (facilitator, due)
    assert AuditEntry.objects.filter(what="checklistline").count() == 1
    shown = text(client.get(url(cohort)))
    assert "Femi Facilitator" in shown and "Overdue" in shown
    assert f'<option value="{facilitator.pk}" selected>' in client.get(page).text


def test_wrong_answers_are_said_and_kept(lines, browser_of, lead, cohort, parent):
    stranger = UserFactory(name="Nobody Here")
    page = url(cohort, "checklist_line", "poster")
    for owner in (stranger.pk, parent.pk):  # not in the team; not allowed to see the checklist
        answer = browser_of(lead).post(
            page, {"owner": owner, "due_on_day": "31", "due_on_month": "2", "due_on_year": "2026"}
        )
        assert answer.status_code == 422
        assert "Choose an answer for “Who does it”" in answer.text
        assert "must be a real date" in answer.text and 'value="31"' in answer.text
    assert not ChecklistLine.objects.exists()


def test_another_groups_ticks_stay_there(lines, browser_of, lead, cohort, other_cohort):
    checklist_actions.tick(cohort=other_cohort, line=HAND, done=True, by=other_cohort.team.get().user)
    checklist_actions.plan(cohort=other_cohort, line=HAND, owner=None, due_on=date(2026, 3, 2), by=lead)
    page = text(browser_of(lead).get(url(cohort)))
    assert "Ticked by" not in page and "2 March" not in page and "0 of 1" in page


def test_only_the_groups_own_team(lines, browser_of, stranger, cohort, other_facilitator, parent, manager, lead):
    for address, method in [
        (url(cohort), "get"),
        (url(cohort, "checklist_line", "poster"), "get"),
        (url(cohort, "checklist_tick", "poster"), "post"),
    ]:
        assert getattr(browser_of(other_facilitator), method)(address).status_code == 404
        for nobody in (parent, manager):
            assert getattr(browser_of(nobody), method)(address).status_code == 403
        assert getattr(stranger, method)(address)["Location"].startswith(reverse("account_login"))
    assert browser_of(lead).post(url(cohort)).status_code == 405
    assert browser_of(lead).get(url(cohort, "checklist_tick", "poster")).status_code == 405
    assert browser_of(lead).get(url(cohort, "checklist_line", "elephants")).status_code == 404
    assert browser_of(lead).post(url(cohort, "checklist_tick", "elephants"), {"done": "yes"}).status_code == 404


def test_it_costs_the_same_with_one_line_and_with_thirty(lines, browser_of, lead, cohort, same_queries):
    checklist_actions.tick(cohort=cohort, line=HAND, done=True, by=lead)

    def grow():
        for number in range(30):
            line = Line(Phase.DURING, f"line-{number}", f"Line {number}")
            checklist.lines.add(line)
            checklist_actions.plan(cohort=cohort, line=line, owner=lead, due_on=date(2026, 3, 2), by=lead)
            checklist_actions.tick(cohort=cohort, line=line, done=bool(number % 2), by=lead)

    same_queries(browser_of(lead), url(cohort), grow)
