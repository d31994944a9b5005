"""A form is closed while twenty people send their answers: who was thanked is counted."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.models import Form, SealedAnswer, Submission
from feedback.slips.codes import codes_of, nonce_of
from feedback.slips.queries import sheet_of
from programmes.models import Cohort
from tests.feedback.factories import answered, came, closed, opened_form
from tests.races import THREADS, Gap, at_once, only_postgresql, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


def closed_meanwhile(cohort: Cohort, monkeypatch: Any) -> int:
    """The form closes and its slips are counted out, which opens it, while the first of them is on the way into the
    box, each with a slip of their own; how many were thanked."""
    form = opened_form(cohort)
    answered(form, 5)
    came(form, 5 + THREADS)
    slips = [code for code in codes_of(sheet_of(form)) if not is_used(form, code)][:THREADS]
    gap = Gap(monkeypatch, sealing, "seal")
    sends = [
        partial(answering.receive, form=form, answers={"today": 4}, nonce=new_nonce(), slip=slip) for slip in slips
    ]
    results = at_once(*sends, *gap.meanwhile(partial(closed, form)))
    return sum(one is True for one in results)


def is_used(form: Form, code: str) -> bool:
    spent = answering.spent_nonce(form, nonce_of(sheet_of(form), code))
    return form.spent.filter(nonce_hash=spent.nonce_hash).exists()


def test_whoever_was_thanked_is_counted(cohort, monkeypatch):
    thanked = closed_meanwhile(cohort, monkeypatch)
    assert thanked > 0
    assert Submission.objects.count() == 5 + thanked and not SealedAnswer.objects.exists()


@only_postgresql
def test_without_the_lock_they_are_thanked_and_not_counted(cohort, monkeypatch):
    without_locks(monkeypatch, Form)
    thanked = closed_meanwhile(cohort, monkeypatch)
    assert thanked > 0
    assert Submission.objects.count() < 5 + thanked and SealedAnswer.objects.exists()
