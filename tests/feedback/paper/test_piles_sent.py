"""A pile is sent once, whatever happens meanwhile, also when its form closes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback import sealing
from feedback.asking import actions as asking
from feedback.asking import jobs as asking_jobs
from feedback.counting_out import actions as counting
from feedback.models import Form, PaperPile, Submission, Way
from feedback.paper import actions as paper
from feedback.paper import delivery
from feedback.slips import tries
from feedback.slips.codes import codes_of
from feedback.slips.queries import sheet_of, with_slip
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.feedback.factories import SLIPS, answered, by_link, came, closed, counted_out, drawn, opened_form
from tests.feedback.paper.typed_in import in_box, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


@pytest.fixture
def pile(form, facilitator) -> PaperPile:
    return paper.begin_pile(form=form, sheets=3, by=facilitator)


@pytest.fixture
def browser(browser_of, facilitator):
    return browser_of(facilitator)


def test_sent_sheets_lie_in_the_box_as_paper_and_the_pile_is_gone(browser, pile, form):
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    assert browser.post(url("pile_check", pile)).url == url("paper", form)
    assert {payload["way"] for payload in sealing.open_box([form])} == {"paper"}
    assert in_box(form) == [{"today": 2}, {"today": 3}, {"today": 4}]
    assert not PaperPile.objects.exists() and not AuditEntry.objects.filter(what="paperpile").exists()


def test_sent_twice_they_are_sent_once(browser, pile, form):
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    assert [browser.post(url("pile_check", pile)).status_code for _ in range(2)] == [302, 302]
    assert not paper.send_pile(pile=pile, chosen={})
    assert form.sealed.count() == 3


def test_a_send_that_breaks_off_loses_and_doubles_nothing(pile, form, monkeypatch):
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    with monkeypatch.context() as broken:
        broken.setattr(PaperPile, "delete", lambda self: (_ for _ in ()).throw(OSError("power cut")))
        with pytest.raises(OSError, match="power cut"):
            paper.send_pile(pile=pile, chosen={})
    assert not form.sealed.exists() and PaperPile.objects.exists()
    assert paper.send_pile(pile=pile, chosen={}) and form.sealed.count() == 3


def test_they_are_shuffled(pile, form, monkeypatch):
    monkeypatch.setattr(sealing, "shuffle", lambda things: things.reverse())
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    delivered = []
    monkeypatch.setattr(paper, "ANONYMOUS", delivery.Typing(lambda form: {}, lambda *got: delivered.append(got[1])))
    paper.send_pile(pile=pile, chosen={})
    assert delivered == [[{"today": 2}, {"today": 3}, {"today": 4}]]


def test_an_unfinished_pile_is_not_sent(browser, pile, form):
    typed(pile, {"today": 4})
    assert browser.post(url("pile_check", pile)).url == url("pile", pile)
    with pytest.raises(Refused, match="all sheets"):
        paper.send_pile(pile=pile, chosen={})


def test_what_is_typed_and_not_sent_counts_nowhere(pile, form, lead):
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    answered(form, 4)
    closed(form, by=lead)
    assert not Submission.objects.exists()


# --- A form that closes meanwhile -----------------------------------------------------------------------------


def test_a_form_that_is_due_waits_a_day_for_sheets_that_are_being_typed(pile, form):
    answered(form, 5)
    Form.objects.update(closes_at=timezone.now())
    assert asking_jobs.close_due_forms(timezone.now() + timedelta(hours=1)) == 0
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    paper.send_pile(pile=pile, chosen={})
    assert asking_jobs.close_due_forms(timezone.now() + timedelta(hours=1)) == 1
    counted_out(form)
    assert Submission.objects.filter(way="paper").count() == 3


def test_after_a_day_it_closes(pile, form):
    Form.objects.update(closes_at=timezone.now())
    assert asking_jobs.close_due_forms(timezone.now() + timedelta(days=1, minutes=1)) == 1


def test_by_link_a_pile_sent_after_closing_joins_those_that_wait_and_may_be_what_was_missing(cohort, lead):
    first, second = (opened_form(by_link(cohort)) for _ in range(2))
    for form in (first, second):
        answered(form, 2)
        came(form, 3)
        closed(form, by=lead)
    assert not Submission.objects.exists()
    pile = paper.begin_pile(form=second, sheets=1, by=lead)
    typed(pile, {"today": 4})
    paper.send_pile(pile=pile, chosen={})
    assert Submission.objects.count() == 5


# --- The slip that lies with a sheet ----------------------------------------------------------------------


def test_a_sheet_counts_by_the_slip_that_lies_with_it(browser, form, pile):
    answered(form, 3, way=Way.PAPER)
    slips = [drawn(form), "", ""]
    slips[1] = codes_of(sheet_of(form))[-1]
    for number, slip in enumerate(slips, start=1):
        page = browser.post(url("pile", pile), {"slip": slip.lower(), "q-today": 1, "number": number, "again": ""})
        assert page.status_code == 302
    browser.post(url("pile_check", pile))
    assert sorted(payload["slip"] for payload in sealing.open_box([form])) == [False, *[True] * 5]
    assert form.spent.count() == 5
    closed(form)
    assert Submission.objects.count() == 6, "the sheet without a slip comes along and is not counted"


def test_whoever_types_in_sheets_cannot_try_codes_out(browser, form, pile, monkeypatch):
    """The page would else say of every code whether it is one, from whichever network and as long as nobody counts."""
    monkeypatch.setattr(tries, "MOST_CODES", 2)
    sheet = {"q-today": 1, "number": 1, "again": ""}
    for address in ("203.0.113.1", "203.0.113.2"):
        wrong = browser.post(url("pile", pile), {**sheet, "slip": "7KM-3P9X"}, REMOTE_ADDR=address)
        assert wrong.status_code == 422
    for slip in ("7KM-3P9X", drawn(form), ""):
        page = browser.post(url("pile", pile), {**sheet, "slip": slip}, REMOTE_ADDR="203.0.113.3")
        assert page.status_code == 429 and "Too many codes" in page.text and "not the code of a slip" not in page.text
    pile.refresh_from_db()
    assert pile.first == [None] * len(pile.first)


def test_a_wrong_code_is_said_and_a_used_one_is_one_answer(browser, form, pile):
    slip = drawn(form)
    answered(form, 1)
    wrong = browser.post(url("pile", pile), {"slip": "7KM-3P9X", "q-today": 1, "number": 1, "again": ""})
    assert wrong.status_code == 422 and "not the code of a slip" in wrong.text
    typed(pile, {"today": 0, "+slip": slip}, {}, {})
    assert paper.send_pile(pile=pile, chosen={})
    assert [payload["answers"] for payload in sealing.open_box([form])] == [{"today": 2}]


def test_once_one_person_has_counted_a_slip_that_was_left_over_counts_for_nothing(form, pile, lead):
    answered(form, 4)
    asking.close_form(form=form, by=None)
    came(form, 4)
    counting.count(form=form, left=SLIPS - 5, people=5, by=lead)
    typed(pile, {"today": 0, "+slip": drawn(form)}, {}, {})
    paper.send_pile(pile=pile, chosen={})
    assert with_slip(form) == 4 and form.sealed.count() == 5


def test_nor_where_two_counted_differently_and_are_to_count_once_more(form, pile, lead, facilitator):
    answered(form, 4)
    asking.close_form(form=form, by=None)
    came(form, 5)
    for by, left in ((lead, SLIPS - 4), (facilitator, SLIPS - 5)):
        counting.count(form=form, left=left, people=5, by=by)
    typed(pile, {"today": 0, "+slip": drawn(form)}, {}, {})
    paper.send_pile(pile=pile, chosen={})
    for by in (lead, facilitator):
        counting.count(form=form, left=SLIPS - 5, people=5, by=by)
    assert not Submission.objects.exists() and with_slip(form) == 4


def test_once_the_answers_were_opened_a_pile_goes_with_the_next_form(browser, pile, form, lead, cohort):
    answered(form, 5)
    closed(form, by=lead)
    typed(pile, {"today": 4}, {"today": 3}, {"today": 2})
    page = browser.post(url("pile_check", pile))
    assert page.status_code == 422 and "the group’s next form" in page.content.decode()
    later = opened_form(cohort, number=9)
    browser.post(url("pile_check", pile))
    assert later.sealed.count() == 3 and Submission.objects.count() == 5


def test_no_new_pile_for_a_form_that_was_opened(browser, form, lead):
    answered(form, 5)
    closed(form, by=lead)
    assert "takes no more sheets" in browser.get(url("type", form)).content.decode()
    assert browser.post(url("type", form), {"sheets": "3"}).status_code == 409
    assert not PaperPile.objects.exists()


def test_whoever_closes_before_its_time_is_told_that_sheets_are_not_sent(browser, browser_of, lead, pile, form):
    browser.post(reverse("feedback:close", args=[form.session.code]))
    close = reverse("feedback:close_early", args=[form.code])
    assert "Femi Facilitator has begun to type in paper sheets" in browser_of(lead).get(close).text
    assert not Form.objects.get().closed_at
    browser_of(lead).post(close, {"was_not_there": "on"})
    assert Form.objects.get().closed_at
