"""Many answers at the same moment, and a form that closes meanwhile: each is counted once, or told it came too late."""

from __future__ import annotations

import random
import threading
from functools import partial
from typing import Any

import pytest
from django.test import Client

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.asking import actions as asking
from feedback.asking import jobs as asking_jobs
from feedback.counting_out import actions as counting
from feedback.counting_out.actions import Counted
from feedback.models import Form, SealedAnswer, SlipCount, SpentNonce, Submission
from feedback.slips.codes import codes_of
from feedback.slips.queries import sheet_of
from ppg.models import AuditEntry, User
from tests.factories import UserFactory
from tests.feedback.factories import (
    GOOD,
    SLIPS,
    answered,
    by_link,
    by_slip,
    came,
    counted_out,
    drawn,
    opened_form,
    url_of,
)
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_presses_of_one_slip_are_one_answer_and_no_error(cohort):
    form = opened_form(cohort)
    url = by_slip(form)
    press = lambda: Client().post(url, {**GOOD, "nonce": new_nonce()}).status_code  # noqa: E731
    assert at_once(*[press] * 20) == [302] * 20
    assert (SealedAnswer.objects.count(), SpentNonce.objects.count()) == (1, 1)


def test_twenty_people_at_once_while_the_form_closes(cohort):
    """Whoever was thanked is counted; whoever came too late was told so."""
    form = opened_form(cohort)
    answered(form, 5)

    def close() -> int:
        asking.close_form(form=form, by=None)
        return 0

    def answer(slip: str) -> int:
        return Client().post(url_of(form), {**GOOD, "slip": slip}).status_code

    calls = [*[partial(answer, slip) for slip in codes_of(sheet_of(form))[20:40]], close]
    random.shuffle(calls)
    codes = at_once(*calls)
    assert set(codes) <= {0, 302, 404}
    counted_out(form)
    assert Submission.objects.count() == 5 + codes.count(302)
    assert not SealedAnswer.objects.exists()


def test_an_answer_on_its_way_is_in_the_box_before_it_closes(cohort, monkeypatch):
    """Closing waits for an answer that is being sealed: without the lock it would open the box without it."""
    form = opened_form(cohort)
    answered(form, 5)
    slip = drawn(form)
    sealing_now, closed = threading.Event(), threading.Event()
    seal = sealing.seal

    def slow_seal(*args: Any) -> SealedAnswer:
        sealing_now.set()
        closed.wait(0.7)
        return seal(*args)

    def answer() -> bool:
        return answering.receive(form=form, answers={"today": 4}, nonce=new_nonce(), slip=slip)

    def close() -> None:
        sealing_now.wait(5)
        asking.close_form(form=form, by=None)
        closed.set()

    monkeypatch.setattr(sealing, "seal", slow_seal)
    assert at_once(answer, close) == [True, None]
    counted_out(form)
    assert Submission.objects.count() == 6 and not SealedAnswer.objects.exists()


def test_closed_by_hand_and_by_the_clock_at_once(cohort):
    form = opened_form(cohort)
    answered(form, 6)
    Form.objects.update(closes_at=form.session.starts_at)
    hand = lambda: asking.close_form(form=form, by=None)  # noqa: E731
    clock = lambda: asking_jobs.close_due_forms(form.session.ends_at)  # noqa: E731
    at_once(*[hand, clock] * 4)
    counted_out(form)
    assert Submission.objects.count() == 6
    assert AuditEntry.objects.filter(what="form", fields=["closed_at"]).count() == 1


def test_two_forms_by_link_closing_at_once_open_together(cohort):
    """Three and two answers: whichever closes last brings both to five."""
    forms = [opened_form(by_link(cohort)), opened_form(cohort)]
    for form, n in zip(forms, (3, 2), strict=True):
        answered(form, n)
        came(form, n)
    at_once(*[lambda form=form: asking.close_form(form=form, by=None) for form in forms])
    assert Submission.objects.count() == 5
    assert Form.objects.filter(opened_with=None).count() == 0


@pytest.mark.parametrize("agree", [True, False])
def test_two_people_counting_at_once_are_two_counts(cohort, agree):
    """Each sees the other's count or is seen by it: they agree once, or both are asked to count once more."""
    form = asking.close_form(form=(opened := opened_form(cohort)), by=None)
    came(opened, 0)
    people = [UserFactory(), UserFactory()]

    def count(by: User, room: int) -> Counted:
        return counting.count(form=form, left=SLIPS, people=room, by=by)

    calls = [partial(count, by, 5 if agree else n) for n, by in enumerate(people, start=5)]
    assert set(at_once(*calls)) == {Counted.ONCE, Counted.AGREED if agree else Counted.DIFFERENT}
    assert (Form.objects.get(pk=form.pk).counted_at is not None) == agree
    assert SlipCount.objects.count() == 2


def test_opened_by_two_at_once_it_is_one_form(cohort):
    session = opened_form(cohort).session
    Form.objects.all().delete()
    forms = at_once(*[lambda: asking.open_form(session=session, by=None)] * 8)
    assert len({form.pk for form in forms}) == 1
