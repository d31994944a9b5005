"""A guide drafted, changed and published by twenty at the same moment, on whichever database the tests run."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError

from ppg.models import AuditEntry
from ppg.versions import NoDraft
from programmes.agenda.items import fields_of
from programmes.editing import actions as editing
from programmes.editing.fingerprints import fingerprint, fingerprint_of_all
from programmes.models import Guide, Programme
from tests.races import THREADS, at_once, meet_after, numbered, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def everybody_has_read_before_anybody_writes(guide, monkeypatch):
    meet_after(monkeypatch, editing, "locked")


@pytest.fixture
def no_lock(monkeypatch):
    without_locks(monkeypatch, Programme)


def all_start(guide: Guide, lead: Any, **kwargs: Any) -> list[Any]:
    return at_once(*[lambda: editing.start(guide=guide, by=lead)] * THREADS, **kwargs)


def test_of_twenty_who_start_all_get_the_same_draft(guide, lead):
    assert len({draft.pk for draft in all_start(guide, lead)}) == 1
    assert Guide.versions.of(guide).count() == 2


@only_postgresql
def test_without_the_lock_all_but_one_get_an_error(guide, lead, no_lock):
    results = all_start(guide, lead, faults=True)
    assert sum(isinstance(one, IntegrityError) for one in results) == THREADS - 1


def changed(guide: Guide, lead: Any) -> str:
    """A draft with another title; its fingerprint."""
    with pytest.MonkeyPatch.context() as alone:
        meet_after(alone, editing, "locked", number=1)
        Guide.versions.filter(pk=editing.start(guide=guide, by=lead).pk).update(title="Another title")
    return fingerprint_of_all(Guide.versions.of(guide).get(state="draft"))


def said_published() -> int:
    return AuditEntry.objects.filter(fields=["state", "version", "why"]).count()


def all_publish(guide: Guide, lead: Any) -> list[Any]:
    seen = changed(guide, lead)
    return at_once(*numbered(THREADS, lambda n: editing.publish(guide=guide, why=f"By {n}.", by=lead, seen=seen)))


def test_of_twenty_who_publish_one_does_and_the_others_are_told(guide, lead):
    results = all_publish(guide, lead)
    assert [type(one) for one in refusals(results)] == [NoDraft] * (THREADS - 1)
    assert [one.state for one in Guide.versions.of(guide)] == ["current", "old"]
    assert said_published() == 1


@only_postgresql
def test_without_the_lock_each_is_told_that_they_published_it(guide, lead, no_lock):
    assert not refusals(all_publish(guide, lead))
    assert said_published() == THREADS


def some_save_while_some_publish(guide: Guide, lead: Any) -> tuple[str, str]:
    """What was read before publishing, and what stands published."""
    seen = changed(guide, lead)
    item = Guide.versions.of(guide).get(state="draft").items.first()
    values, stamp = fields_of(item) | {"minutes": item.minutes + 5}, fingerprint(item)

    def press(n: int) -> Any:
        if n % 2:
            return editing.publish(guide=guide, why="Read", by=lead, seen=seen)
        return editing.save_item(guide=guide, key=item.key, by=lead, uses=[], after="", seen=stamp, **values)

    results = at_once(*numbered(THREADS, press))
    assert len(refusals(results)) == THREADS - 1, "one saves, or one publishes"
    newest = Guide.versions.of(guide).first()
    return seen, fingerprint_of_all(newest) if newest.state == "current" else seen


def test_what_is_published_is_what_was_read(guide, lead):
    seen, published = some_save_while_some_publish(guide, lead)
    assert published == seen


@only_postgresql
def test_without_the_lock_something_else_is_published(guide, lead, no_lock):
    with pytest.raises(AssertionError, match="one saves, or one publishes"):
        some_save_while_some_publish(guide, lead)
    newest = Guide.versions.of(guide).first()
    assert (
        newest.state == "current"
        and newest.items.first().minutes != Guide.versions.of(guide).last().items.first().minutes
    )
