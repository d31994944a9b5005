"""Opening, receiving, closing: from five answers on, all at once, and nothing left behind."""

from datetime import datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.asking import actions as asking
from feedback.asking import jobs as asking_jobs
from feedback.models import Answer, Form, Question, Questionnaire, SealedAnswer, SlipSheet, SpentNonce, Submission, Way
from feedback.questions import questionnaires
from feedback.results.queries import asked_in, comments_of, sheets_of
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import SessionFactory
from tests.feedback.factories import answered, by_link, closed, drawn, opened_form

pytestmark = pytest.mark.django_db


def test_the_questions_that_ship_are_few_and_answerable():
    questions = list(questionnaires.session_feedback().questions.all())
    assert 3 <= len(questions) <= 6
    assert not any(question.required for question in questions)
    assert all(question.options for question in questions if question.kind in ("scale", "choice"))


def test_a_form_takes_the_newest_version_of_the_questions(cohort, lead):
    first = questionnaires.session_feedback()
    second = Questionnaire.objects.create(kind=first.kind, slug=first.slug, version=2, title="New")
    assert opened_form(cohort).questionnaire == second


def test_while_answers_lie_sealed_the_next_form_asks_the_same(cohort):
    first = opened_form(cohort)
    Questionnaire.objects.create(kind="session", slug=first.questionnaire.slug, version=2, title="New")
    assert opened_form(cohort).questionnaire == first.questionnaire


def test_opened_twice_it_is_one_form_and_one_audit_row(cohort, lead):
    session = SessionFactory(cohort=cohort)
    assert asking.open_form(session=session, by=lead) == asking.open_form(session=session, by=lead)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.what, entry.user, entry.cohort) == ("created", "form", lead, cohort.code)


def at(day: int, hour: int) -> datetime:
    """In October 2026: the clocks go back in the night to the 25th."""
    return datetime(2026, 10, day, hour, tzinfo=timezone.get_current_timezone())


@pytest.mark.parametrize("day", [6, 24])
def test_it_closes_at_eight_in_the_evening_of_the_day_after(cohort, day):
    session = SessionFactory(cohort=cohort, starts_at=at(day, 18))
    SessionFactory(cohort=cohort, starts_at=at(day + 7, 18))
    assert asking.open_form(session=session, by=None, at=at(day, 19)).closes_at == at(day + 1, 20)


def test_it_closes_before_the_group_meets_again(cohort):
    first, second = (SessionFactory(cohort=cohort, starts_at=at(day, 18)) for day in (6, 7))
    assert asking.open_form(session=first, by=None, at=at(6, 19)).closes_at == second.starts_at


def test_a_form_opened_late_does_not_close_before_it_opened(cohort):
    first, _second = (SessionFactory(cohort=cohort, starts_at=at(day, 18)) for day in (6, 13))
    assert asking.open_form(session=first, by=None, at=at(14, 10)).closes_at == at(15, 20)


def test_the_same_slip_sent_again_is_not_a_second_answer_whatever_its_nonce(cohort):
    form = opened_form(cohort)
    slip = drawn(form)
    assert answering.receive(form=form, answers={"today": 4}, nonce=new_nonce(), slip=slip) is True
    assert answering.receive(form=form, answers={"today": 0}, nonce=new_nonce(), slip=slip) is False
    assert SealedAnswer.objects.count() == 1


def test_by_link_the_same_sheet_sent_again_is_not_a_second_answer(cohort):
    form, nonce = opened_form(by_link(cohort)), new_nonce()
    assert answering.receive(form=form, answers={"today": 4}, nonce=nonce) is True
    assert answering.receive(form=form, answers={"today": 0}, nonce=nonce) is False
    assert SealedAnswer.objects.count() == 1


def test_the_same_nonce_on_another_form_counts(cohort, other_cohort):
    nonce = new_nonce()
    for form in (opened_form(by_link(cohort)), opened_form(by_link(other_cohort))):
        assert answering.receive(form=form, answers={"today": 4}, nonce=nonce)


@pytest.mark.parametrize("how", ["by hand", "by the clock"])
def test_a_closed_form_takes_nothing(cohort, how):
    form = opened_form(cohort)
    if how == "by hand":
        closed(form)
    with pytest.raises(answering.Closed):
        answering.receive(form=form, answers={"today": 4}, nonce=new_nonce(), at=form.closes_at)
    assert not SealedAnswer.objects.exists() and not SpentNonce.objects.exists()


def test_a_box_has_a_limit(cohort, monkeypatch):
    monkeypatch.setattr(answering, "MOST_ANSWERS", 2)
    form = opened_form(cohort)
    answered(form, 2)
    with pytest.raises(Refused):
        answered(form, 1)
    assert SpentNonce.objects.count() == 2


def test_no_audit_row_for_an_answer(cohort):
    form = opened_form(cohort)
    before = AuditEntry.objects.count()
    answered(form, 5)
    assert AuditEntry.objects.count() == before


def test_five_answers_are_shown_when_the_form_closes(cohort, lead):
    form = opened_form(cohort)
    answered(form, {"today": 4, "different": "Less film"}, {"today": 0, "time": 2}, {"different": "More tea"}, 2)
    closed(form, by=lead)
    assert Submission.objects.count() == 5
    assert sorted(Answer.objects.exclude(number=None).values_list("question__slug", "number")) == [
        ("time", 2), ("today", 0), ("today", 2), ("today", 2), ("today", 4),
    ]  # fmt: skip
    words = Answer.objects.filter(submission=None)
    assert sorted(answer.text for answer in words) == ["Less film", "More tea"]
    assert {answer.number for answer in words} == {None}


def test_with_the_box_go_envelopes_nonces_and_key(cohort, lead):
    form = opened_form(cohort)
    answered(form, 5)
    form = closed(form, by=lead)
    assert (form.key, form.opened_with) == ("", form)
    assert not SealedAnswer.objects.exists() and not SpentNonce.objects.exists()


def test_closed_twice_it_is_closed_once(cohort, lead):
    form = opened_form(cohort)
    answered(form, 5)
    first = closed(form, by=lead).closed_at
    assert closed(form).closed_at == first
    assert Submission.objects.count() == 5
    assert AuditEntry.objects.filter(verb="changed", what="form").count() == 1


def test_four_answers_wait_sealed(cohort, lead):
    form = opened_form(cohort)
    answered(form, 4)
    form = closed(form, by=lead)
    assert form.closed_at and not form.opened_with and form.key
    assert SealedAnswer.objects.count() == 4 and not Submission.objects.exists()


def test_what_waits_joins_the_next_session_and_is_written_under_it(cohort, lead):
    first, second, third = (opened_form(cohort) for _ in range(3))
    for form, answers in ((first, 2), (second, 2), (third, 1)):
        answered(form, answers)
        closed(form, by=lead)
    forms = Form.objects.filter(cohort=cohort)
    assert {form.opened_with for form in forms} == {third} and {form.key for form in forms} == {""}
    for rows in (Submission.objects, Answer.objects):
        assert set(rows.values_list("form_id", flat=True)) == {third.pk}
    assert Submission.objects.count() == 5


def test_what_waits_does_not_join_what_another_group_said(cohort, other_cohort, lead):
    waits, enough = opened_form(other_cohort), opened_form(cohort)
    answered(waits, 4)
    closed(waits)
    answered(enough, 5)
    closed(enough, by=lead)
    assert SealedAnswer.objects.filter(form=waits).count() == 4


def test_answers_of_an_open_form_do_not_count_for_one_that_closes(cohort, lead):
    still_open, closes = opened_form(cohort), opened_form(cohort)
    answered(still_open, 4)
    answered(closes, 4)
    closed(closes, by=lead)
    assert not Submission.objects.exists()


def test_what_is_left_after_the_last_session_stays_sealed(cohort, lead):
    """Seven were shown; two came after. All nine together less the seven would be the two."""
    shown, last = opened_form(cohort), opened_form(cohort)
    answered(shown, 7)
    closed(shown, by=lead)
    answered(last, 2)
    closed(last, by=lead)
    assert Submission.objects.count() == 7 and SealedAnswer.objects.count() == 2


def test_how_many_came_on_paper_is_kept_but_not_which(cohort, monkeypatch):
    """With one paper sheet among seven, its answers would be those of whoever asked for paper."""
    monkeypatch.setattr(sealing, "shuffle", lambda things: things.reverse())
    form = opened_form(cohort)
    answered(form, {"today": 0}, way=Way.PAPER)
    answered(form, {"today": 4}, 5)
    closed(form)
    assert sorted(Submission.objects.values_list("way", flat=True)) == ["online"] * 6 + ["paper"]
    assert Submission.objects.get(way=Way.PAPER).answers.get().number != 0


def test_the_least_number_is_a_setting_with_a_floor(cohort, settings):
    settings.FEEDBACK_LEAST = 1
    assert "feedback.E001" in {message.id for message in run_checks()}
    form = opened_form(cohort)
    answered(form, 2)
    closed(form)
    assert not Submission.objects.exists()
    second = opened_form(cohort)
    answered(second, 1)
    closed(second)
    assert Submission.objects.count() == 3


def test_forms_close_by_themselves_when_their_time_has_come(cohort, other_cohort, now):
    due = opened_form(cohort, starts_at=now - timedelta(days=20))
    open_still = opened_form(other_cohort)
    Form.objects.filter(pk=due.pk).update(closes_at=now)
    answered(open_still, 1)
    assert asking_jobs.close_due_forms(now) == 1
    assert Form.objects.get(pk=due.pk).closed_at == now
    assert Form.objects.get(pk=open_still.pk).closed_at is None


def test_one_box_that_cannot_be_opened_does_not_keep_the_others_shut(cohort, other_cohort, caplog, now):
    broken, sound = opened_form(cohort), opened_form(other_cohort)
    for form in (broken, sound):
        answered(form, 5)
    SealedAnswer.objects.filter(form=broken).update(envelope="rubbish")
    # Both wait with another session's for the last form to close.
    Form.objects.filter(pk__in=[broken.pk, sound.pk]).update(closed_at=now, counted_at=now)
    for form in (broken, sound):
        SlipSheet.objects.filter(session=form.session).update(left=75, people=5, adds_up=True)
    last = [opened_form(by_link(form.cohort)) for form in (broken, sound)]
    Form.objects.filter(pk__in=[form.pk for form in last]).update(closes_at=now)
    assert asking_jobs.close_due_forms(now) == 1
    assert Form.objects.get(pk=last[1].pk).closed_at and not Form.objects.get(pk=last[0].pk).closed_at
    assert "Unreadable" in caplog.text and broken.code not in caplog.text


# --- The same box for a measure ----------------------------------------------------------------------


@pytest.fixture
def measure(cohort):
    questionnaire = Questionnaire.objects.create(kind=Questionnaire.Kind.MEASURE, slug="measure", title="Measure")
    Question.objects.create(questionnaire=questionnaire, position=1, slug="goal", text="?", kind="number")
    return Form.objects.create(questionnaire=questionnaire, cohort=cohort, key=sealing.new_key())


def test_a_measure_is_opened_by_its_owner_with_pseudonyms_whatever_their_number(measure):
    for pseudonym, goal in (("a", 3), ("b", 8)):
        answering.receive(form=measure, answers={"goal": goal}, nonce=new_nonce(), pseudonym=pseudonym)
    with pytest.raises(Refused):
        asking.open_form_box(measure)
    closed(measure)
    assert not Submission.objects.exists()
    pairs = asking.write_submissions(measure, asking.open_form_box(measure))
    assert {payload["pseudonym"]: sub.answers.get().number for payload, sub in pairs} == {"a": 3, "b": 8}
    assert asking.open_form_box(measure) == []
    measure.refresh_from_db()
    assert measure.key == "" and not SealedAnswer.objects.exists()


def test_a_measure_neither_joins_session_feedback_nor_closes_with_it(measure, cohort, now):
    form = opened_form(cohort)
    Form.objects.update(closes_at=now)
    answering.receive(form=measure, answers={"goal": 3}, nonce=new_nonce(), at=now - timedelta(days=1))
    closed(measure)
    Form.objects.filter(pk=form.pk).update(closes_at=now + timedelta(days=1))
    answered(form, 4)
    closed(form)
    assert not Submission.objects.exists()


# --- Reading -----------------------------------------------------------------------------------------


def test_rows_for_the_figures(cohort, lead):
    form = opened_form(cohort)
    answered(form, {"today": 4, "time": 1}, {"different": "More tea"}, 3)
    closed(form, by=lead)
    sheets = sheets_of([form])
    assert sorted(str(dict(sorted(sheet.answers.items()))) for sheet in sheets) == [
        "{'time': 1, 'today': 4}", "{'today': 2}", "{'today': 2}", "{'today': 2}", "{}",
    ]  # fmt: skip
    assert [comment.text for comment in comments_of([form])] == ["More tea"]
    assert [asked.slug for asked in asked_in(form.questionnaire)][-1] == "different"
