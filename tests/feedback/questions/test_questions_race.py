"""Questions drafted and published by twenty at the same moment, on whichever database the tests run."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from feedback.models import Questionnaire
from feedback.questions import actions as questions
from feedback.questions import questionnaires
from feedback.questions.fingerprints import fingerprint_of_all
from ppg.models import AuditEntry, User
from ppg.versions import NoDraft
from tests.factories import UserFactory
from tests.races import THREADS, at_once, meet_after, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def current() -> Questionnaire:
    return questionnaires.session_feedback()


@pytest.fixture
def seen(current: Questionnaire, lead: User) -> str:
    """There is a draft with another title, and they have all read it."""
    draft = questions.start(questionnaire=current, by=lead)
    Questionnaire.objects.filter(pk=draft.pk).update(title="Another title")
    return fingerprint_of_all(Questionnaire.objects.get(pk=draft.pk))


@pytest.fixture
def leads(db) -> list[User]:
    """Each of them is held while they write, so they are twenty."""
    return [UserFactory(role="lead") for _ in range(THREADS)]


@pytest.fixture
def no_lock(monkeypatch):
    without_locks(monkeypatch, Questionnaire)


def all_start(current: Questionnaire, leads: list[User], monkeypatch: Any, **kwargs: Any) -> list[Any]:
    meet_after(monkeypatch, questions, "locked")
    return at_once(*[partial(questions.start, questionnaire=current, by=lead) for lead in leads], **kwargs)


def test_of_twenty_who_start_all_get_the_same_draft(current, leads, monkeypatch):
    assert len({draft.pk for draft in all_start(current, leads, monkeypatch)}) == 1
    assert Questionnaire.objects.of(current).count() == 2


@only_postgresql
def test_without_the_lock_all_but_one_get_an_error(current, leads, no_lock, monkeypatch):
    results = all_start(current, leads, monkeypatch, faults=True)
    assert sum(isinstance(one, IntegrityError) for one in results) == THREADS - 1


def said_published() -> int:
    return AuditEntry.objects.filter(fields=["state", "version"]).count()


def all_publish(current: Questionnaire, leads: list[User], seen: str, monkeypatch: Any) -> list[Any]:
    meet_after(monkeypatch, questions, "locked")
    return at_once(*[partial(questions.publish, questionnaire=current, by=lead, seen=seen) for lead in leads])


def test_of_twenty_who_publish_one_does_and_the_others_are_told(current, leads, seen, monkeypatch):
    results = all_publish(current, leads, seen, monkeypatch)
    assert [type(one) for one in refusals(results)] == [NoDraft] * (THREADS - 1)
    assert [one.state for one in Questionnaire.objects.of(current).order_by("version")] == ["old", "current"]
    assert said_published() == 1


@only_postgresql
def test_without_the_lock_each_is_told_that_they_published_it(current, leads, seen, no_lock, monkeypatch):
    assert not refusals(all_publish(current, leads, seen, monkeypatch))
    assert said_published() == THREADS


def test_twenty_who_begin_questions_of_one_title_each_have_their_own(leads, monkeypatch):
    meet_after(monkeypatch, questions, "free_slug")
    made = at_once(*[partial(questions.create, kind="session", title="Our own", by=lead) for lead in leads])
    assert len({draft.slug for draft in made}) == THREADS
