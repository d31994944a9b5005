"""A measure is published while its scoring is written: it is scored as whoever published it had read."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from evaluation.measures import actions as measuring
from evaluation.measures import queries as measures
from evaluation.models import Measure, MeasureItem
from feedback.models import Questionnaire
from feedback.questions import actions as questions
from feedback.questions.fingerprints import fingerprint_of_all
from ppg.models import User
from ppg.versions import NoDraft
from tests.evaluation.measures.test_measures import OPTIONS
from tests.factories import UserFactory
from tests.races import THREADS, Gap, at_once, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(lead) -> Questionnaire:
    made = questions.create(kind="measure", title="Of somebody else", by=lead)
    item = questions.add_question(
        questionnaire=made, by=lead, text="Item", hint="", kind="scale", options=OPTIONS, quotable=False
    )
    score(made, lead, 1, {item.slug: measuring.Counts("practical")})()
    return made


def score(draft: Questionnaire, lead: User, least: int, counts: Any) -> Any:
    seen = measures.fingerprint(draft)
    return partial(
        measuring.save_scoring,
        questionnaire=draft,
        by=lead,
        counts=counts,
        seen=seen,
        least_answered=least,
        licence="L 1",
    )


def published_meanwhile(draft: Questionnaire, lead: User, monkeypatch: Any) -> list[Any]:
    """Nineteen score it otherwise while it is being published; what became of theirs."""
    publish = partial(questions.publish, questionnaire=draft, by=lead, seen=fingerprint_of_all(draft))
    other, gap = UserFactory(role="lead"), Gap(monkeypatch, questions, "problems")
    published, *scored = at_once(publish, *gap.meanwhile(*[score(draft, other, 3, {})] * (THREADS - 1)))
    assert published.state == "current"
    return scored


def test_it_is_scored_as_it_was_read(draft, lead, monkeypatch):
    scored = published_meanwhile(draft, lead, monkeypatch)
    assert [type(one) for one in refusals(scored)] == [NoDraft] * (THREADS - 1)
    assert Measure.objects.get(questionnaire=draft).least_answered == 1 and MeasureItem.objects.count() == 1


@only_postgresql
def test_without_the_lock_it_is_scored_otherwise(draft, lead, monkeypatch):
    without_locks(monkeypatch, Questionnaire)
    published_meanwhile(draft, lead, monkeypatch)
    assert Measure.objects.get(questionnaire=draft).least_answered == 3 and not MeasureItem.objects.exists()
