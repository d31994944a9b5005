"""From version to version, without pages."""

from __future__ import annotations

from datetime import date, time

import pytest

from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from ppg.versions import ChangedMeanwhile, NoDraft
from programmes.agenda.items import fields_of
from programmes.editing import actions as editing
from programmes.editing.fingerprints import fingerprint, fingerprint_of_about, fingerprint_of_agenda, fingerprint_of_all
from programmes.models import Guide, Resource
from programmes.shipped.actions import load_shipped
from sessions_app.dates import weekly
from sessions_app.models import Session, SessionHandout, SessionItem, SessionItemResource
from sessions_app.setting_up.actions import set_up
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_lead(db):
    return UserFactory(name="Olive Other", role="lead")


def keys(guide: Guide) -> list[str]:
    return [item.key for item in guide.items.all()]


def change_something(guide: Guide, by) -> None:
    first = guide.draft().items.first()
    editing.change_item(guide=guide, key=first.key, minutes=first.minutes + 1, by=by)


def test_the_draft_is_a_copy_item_for_item(guide, draft, everything):
    assert (draft.state, draft.version) == ("draft", 2)
    assert everything(draft) == everything(guide)
    assert not set(guide.items.values_list("pk", flat=True)) & set(draft.items.values_list("pk", flat=True))


@pytest.mark.parametrize("number", range(1, 7))
def test_every_shipped_guide_is_copied_whole(guide, lead, everything, number):
    guide = guide.programme.guides.get(number=number)
    assert everything(editing.start(guide=guide, by=lead)) == everything(guide)


def test_starting_twice_is_once(guide, draft, other_lead):
    assert editing.start(guide=guide, by=other_lead) == draft
    assert draft.changed_by != other_lead


def test_publishing_makes_the_next_version_and_keeps_the_old_one_as_it_was(guide, draft, lead, everything):
    before = everything(guide)
    change_something(guide, lead)
    editing.publish(guide=guide, why="More time to arrive.", by=lead)
    guide.refresh_from_db()
    draft.refresh_from_db()
    assert (guide.state, draft.state, draft.version) == ("old", "current", 2)
    assert (draft.why, draft.published_by) == ("More time to arrive.", lead) and draft.published_at
    assert everything(guide) == before
    assert guide.programme.guides.get(number=4) == draft
    assert AuditEntry.objects.first().ref == draft.code
    third = editing.start(guide=guide, by=lead)
    assert third.version == 3 and everything(third) == everything(draft)


def test_a_draft_that_changed_nothing_is_not_published(guide, draft, lead):
    with pytest.raises(Refused, match="nothing to publish"):
        editing.publish(guide=guide, why="?", by=lead)


def test_an_empty_draft_is_not_published(guide, draft, lead):
    for key in keys(draft):
        editing.remove_item(guide=guide, key=key, by=lead)
    with pytest.raises(Refused, match="at least one part"):
        editing.publish(guide=guide, why="?", by=lead)


def test_who_publishes_second_is_told(guide, draft, lead, other_lead):
    change_something(guide, lead)
    editing.publish(guide=guide, why="First.", by=lead)
    with pytest.raises(NoDraft):
        editing.publish(guide=guide, why="Second.", by=other_lead)
    assert guide.current().why == "First."


def test_what_is_published_is_what_was_read(guide, draft, lead, other_lead):
    read = fingerprint_of_all(draft)
    change_something(guide, other_lead)
    with pytest.raises(ChangedMeanwhile, match="Olive Other changed this at"):
        editing.publish(guide=guide, why="?", by=lead, seen=read)
    assert guide.draft()


def test_throwing_the_draft_away_leaves_the_guide(guide, draft, lead, everything):
    before = everything(guide)
    change_something(guide, lead)
    editing.discard(guide=guide, by=lead)
    assert guide.draft() is None and everything(guide.current()) == before
    assert editing.start(guide=guide, by=lead).version == 2


def test_a_replaced_guide_that_is_not_in_use_any_more_cannot_be_changed(guide, lead):
    Guide.versions.filter(pk=guide.pk).update(state="old")
    with pytest.raises(Refused, match="not in use"):
        editing.start(guide=guide, by=lead)


def test_parts_move_and_keep_their_numbers_whole(guide, draft, lead):
    before = keys(draft)
    editing.move_item(guide=guide, key=before[0], after=before[3], by=lead)
    assert keys(draft) == [*before[1:4], before[0], *before[4:]]
    editing.move_item(guide=guide, key=before[0], after="", by=lead)
    assert keys(draft) == before
    editing.move_item(guide=guide, key=before[0], after="gone", by=lead)
    assert keys(draft) == [*before[1:], before[0]]
    editing.remove_item(guide=guide, key=before[2], by=lead)
    assert [item.position for item in draft.items.all()] == list(range(1, 7))
    assert editing.remove_item(guide=guide, key=before[2], by=lead) == ""


def test_an_order_that_forgets_or_doubles_a_part_is_refused(guide, draft, lead):
    seen = fingerprint_of_agenda(draft)
    for order in (keys(draft)[1:], [*keys(draft), keys(draft)[0]]):
        with pytest.raises(Refused):
            editing.save_agenda(guide=guide, by=lead, seen=seen, order=order, minutes={})


def test_handouts_are_added_moved_and_removed(guide, draft, lead):
    first = draft.handouts.get()
    second = Resource.objects.exclude(pk=first.pk).first()

    def do(what, resource):
        editing.set_handouts(guide=guide, do=what, resource=resource, by=lead)
        return [one.resource for one in draft.handouts_in_order.all()]

    assert do("add", second) == [first, second] == do("add", second)
    assert do("up", second) == [second, first] == do("up", second)
    assert do("down", second) == [first, second] == do("down", second)
    assert do("remove", first) == [second] == do("remove", first)


def test_resources_of_a_part_keep_their_order_and_new_ones_come_after(guide, draft, lead):
    a, b, c = Resource.objects.all()[:3]
    item = draft.items.first()
    editing.set_uses(item, [c, b])
    editing.set_uses(item, Resource.objects.filter(pk__in=[a.pk, b.pk, c.pk]))
    assert [use.resource for use in item.uses_in_order.all()] == [c, b, a]


# --- Groups that are set up ---------------------------------------------------------------------------


def rows_of_groups() -> dict[str, list]:
    """Every column of every row that groups have copied."""
    models = (Session, SessionHandout, SessionItem, SessionItemResource)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_editing_and_publishing_changes_nothing_in_groups_that_are_set_up(guide, lead, browser_of):
    def group(name: str):
        days = weekly(date(2026, 10, 13), 6)
        return set_up(programme=guide.programme, name=name, area="Ipswich", days=days, at=time(18), places=8, by=lead)

    group("Set up before")
    before = rows_of_groups()
    assert len(before["SessionItem"]) > 40 and before["SessionHandout"] and before["SessionItemResource"]

    draft = editing.start(guide=guide, by=lead)
    first, second, third = list(draft.items.all())[:3]
    film = Resource.objects.filter(kind="film").first()
    values = fields_of(first) | {"title": "Arriving", "minutes": 9, "prompts": ["New"], "lead": "parent"}
    editing.save_item(
        guide=guide, key=first.key, by=lead, uses=[film], after=third.key, seen=fingerprint(first), **values
    )
    editing.remove_item(guide=guide, key=second.key, by=lead)
    seen = fingerprint_of_about(draft)
    editing.save_about(guide=guide, by=lead, seen=seen, title="Ways", aims=["One"], materials=["Two"])
    editing.set_handouts(guide=guide, do="add", resource=film, by=lead)
    assert rows_of_groups() == before
    editing.publish(guide=guide, why="Groups asked for it.", by=lead)
    load_shipped(again=True)
    assert rows_of_groups() == before

    editing.start(guide=guide, by=lead)
    editing.discard(guide=guide, by=lead)
    assert rows_of_groups() == before


def test_a_group_set_up_afterwards_gets_the_new_version(guide, draft, lead):
    change_something(guide, lead)
    first = editing.publish(guide=guide, why="Longer.", by=lead).items.first()
    cohort = set_up(
        programme=guide.programme,
        name="Later",
        area="Ipswich",
        days=weekly(date(2026, 10, 13), 6),
        at=time(18),
        places=8,
        by=lead,
    )
    item = cohort.sessions.get(number=4).items.first()
    assert (item.minutes, item.source) == (first.minutes, first) == (6, first)
    assert cohort.sessions.count() == 6, "old versions and drafts are no sessions"


# --- Loading the programme again ------------------------------------------------------------------------


def test_loading_again_makes_the_shipped_guide_the_next_version(guide, draft, lead, everything):
    shipped = everything(guide)
    change_something(guide, lead)
    editing.publish(guide=guide, why="Ours.", by=lead)
    load_shipped(again=True)
    current = guide.current()
    assert (current.version, current.state) == (3, "current")
    assert everything(current) == shipped, "with the same keys: items are known again"
    assert Guide.versions.of(guide).count() == 3
    assert [one.version for one in guide.programme.guides.all()] == [1, 1, 1, 3, 1, 1], "the others are as shipped"
    load_shipped(again=True)
    assert Guide.versions.of(guide).count() == 3


def test_loading_again_keeps_a_draft_that_somebody_works_on(guide, draft, lead):
    guide.items.filter(kind="break").update(minutes=20)
    change_something(guide, lead)
    load_shipped(again=True)
    draft.refresh_from_db()
    assert (guide.current().version, draft.version, draft.items.first().minutes) == (2, 3, 6)
    editing.publish(guide=guide, why="Still wanted.", by=lead)
    assert guide.current() == draft


def test_a_guide_that_is_not_in_the_file_any_more_is_put_aside(guide, lead):
    extra = Guide.versions.create(programme=guide.programme, number=7, title="Our own")
    load_shipped(again=True)
    extra.refresh_from_db()
    assert extra.state == "old" and guide.programme.guides.count() == 6
