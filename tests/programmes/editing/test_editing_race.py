"""A guide drafted, changed and published by twenty at the same moment, on whichever database the tests run."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from ppg.models import AuditEntry, User
from ppg.versions import NoDraft
from programmes.agenda.items import fields_of
from programmes.editing import actions as editing
from programmes.editing.fingerprints import fingerprint, fingerprint_of_all
from programmes.models import Guide, Programme
from tests.factories import UserFactory
from tests.races import THREADS, at_once, meet_after, numbered, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leads(db) -> list[User]:
    """Each of them is held while they write, so they are twenty."""
    return [UserFactory(role="lead") for _ in range(THREADS)]


@pytest.fixture
def no_lock(monkeypatch):
    without_locks(monkeypatch, Programme)


def all_start(guide: Guide, leads: list[User], monkeypatch: Any, **kwargs: Any) -> list[Any]:
    meet_after(monkeypatch, editing, "locked")
    return at_once(*[partial(editing.start, guide=guide, by=lead) for lead in leads], **kwargs)


def test_of_twenty_who_start_all_get_the_same_draft(guide, leads, monkeypatch):
    assert len({draft.pk for draft in all_start(guide, leads, monkeypatch)}) == 1
    assert Guide.versions.of(guide).count() == 2


@only_postgresql
def test_without_the_lock_all_but_one_get_an_error(guide, leads, no_lock, monkeypatch):
    results = all_start(guide, leads, monkeypatch, faults=True)
    assert sum(isinstance(one, IntegrityError) for one in results) == THREADS - 1


def changed(guide: Guide, lead: User) -> str:
    """A draft with another title; its fingerprint."""
    Guide.versions.filter(pk=editing.start(guide=guide, by=lead).pk).update(title="Another title")
    return fingerprint_of_all(Guide.versions.of(guide).get(state="draft"))


def said_published() -> int:
    return AuditEntry.objects.filter(fields=["state", "version", "why"]).count()


def all_publish(guide: Guide, leads: list[User], monkeypatch: Any) -> list[Any]:
    seen = changed(guide, leads[0])
    meet_after(monkeypatch, editing, "locked")
    return at_once(*numbered(THREADS, lambda n: editing.publish(guide=guide, why=f"By {n}.", by=leads[n], seen=seen)))


def test_of_twenty_who_publish_one_does_and_the_others_are_told(guide, leads, monkeypatch):
    results = all_publish(guide, leads, monkeypatch)
    assert [type(one) for one in refusals(results)] == [NoDraft] * (THREADS - 1)
    assert [one.state for one in Guide.versions.of(guide)] == ["current", "old"]
    assert said_published() == 1


@only_postgresql
def test_without_the_lock_each_is_told_that_they_published_it(guide, leads, no_lock, monkeypatch):
    assert not refusals(all_publish(guide, leads, monkeypatch))
    assert said_published() == THREADS


def some_save_while_some_publish(guide: Guide, leads: list[User], monkeypatch: Any) -> tuple[str, str]:
    """What was read before publishing, and what stands published."""
    seen = changed(guide, leads[0])
    item = Guide.versions.of(guide).get(state="draft").items.first()
    values, stamp = fields_of(item) | {"minutes": item.minutes + 5}, fingerprint(item)

    def press(n: int) -> Any:
        if n % 2:
            return editing.publish(guide=guide, why="Read", by=leads[n], seen=seen)
        return editing.save_item(guide=guide, key=item.key, by=leads[n], uses=[], after="", seen=stamp, **values)

    meet_after(monkeypatch, editing, "locked")
    results = at_once(*numbered(THREADS, press))
    assert len(refusals(results)) == THREADS - 1, "one saves, or one publishes"
    newest = Guide.versions.of(guide).first()
    return seen, fingerprint_of_all(newest) if newest.state == "current" else seen


def test_what_is_published_is_what_was_read(guide, leads, monkeypatch):
    seen, published = some_save_while_some_publish(guide, leads, monkeypatch)
    assert published == seen


@only_postgresql
def test_without_the_lock_something_else_is_published(guide, leads, no_lock, monkeypatch):
    with pytest.raises(AssertionError, match="one saves, or one publishes"):
        some_save_while_some_publish(guide, leads, monkeypatch)
    newest = Guide.versions.of(guide).first()
    assert (
        newest.state == "current"
        and newest.items.first().minutes != Guide.versions.of(guide).last().items.first().minutes
    )
