"""What a lead does to a guide: draft, change, publish. A published version never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.audit_trail import audit
from ppg.models import User
from ppg.versions import (
    ChangedMeanwhile,
    draft_among,
    in_state,
    last_position,
    put_in_use,
    renumber,
    touch,
    who_changed,
)
from programmes.agenda.items import fields_of
from programmes.editing.fingerprints import (
    fingerprint,
    fingerprint_of_about,
    fingerprint_of_agenda,
    fingerprint_of_all,
    meanwhile,
)
from programmes.models import AgendaItem, Guide, Handout, ItemResource, Programme, Resource

# --- From version to version ------------------------------------------------------------------------


@transaction.atomic
def start(*, guide: Guide, by: User, at: datetime | None = None) -> Guide:
    """The draft of this guide: the one there is, or a copy of the published version, item for item."""
    versions = locked(guide, by)
    draft = in_state(versions, Guide.State.DRAFT)
    if draft:
        return draft
    current = in_state(versions, Guide.State.CURRENT)
    if current is None:
        raise Refused(_("This guide is not in use any more, so it cannot be changed."))
    draft = copied(Guide.versions.with_plan().get(pk=current.pk), state=Guide.State.DRAFT, version=newest(versions) + 1)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CREATED, draft)
    return draft


@transaction.atomic
def publish(*, guide: Guide, why: str, by: User, at: datetime | None = None, seen: str | None = None) -> Guide:
    """The draft becomes the published version, the published one a replaced one. Of two who press, one does it.

    `seen` is the fingerprint of the draft that the person read before pressing.
    """
    versions = locked(guide, by)
    draft = the_draft(versions)
    if seen is not None and seen != fingerprint_of_all(draft):
        raise meanwhile(draft, by)
    if not draft.items.exists():
        raise Refused(_("A guide needs at least one part before it can be published."))
    current = in_state(versions, Guide.State.CURRENT)
    if current and fingerprint_of_all(current) == fingerprint_of_all(draft):
        raise Refused(_("Nothing is different from the version in use, so there is nothing to publish."))
    draft.why = why
    put_in_use(draft, current, by=by, at=at, also=["why"])
    audit.record(by, audit.Verb.CHANGED, draft, fields=["state", "version", "why"])
    return draft


@transaction.atomic
def discard(*, guide: Guide, by: User) -> None:
    draft = the_draft(locked(guide, by))
    audit.record(by, audit.Verb.CHANGED, draft, fields=["draft thrown away"])
    draft.delete()


def locked(guide: Guide, by: User) -> list[Guide]:
    """Every version of the guide, newest first. Whoever else changes a guide of this programme waits: the row that
    is locked is the programme's, since a draft that is not there yet cannot be. Before it `by`, who goes on with it."""
    leaving.hold_at_work(by)
    programme = Programme.objects.select_for_update().get(pk=guide.programme_id)
    versions = list(Guide.versions.of(guide))
    for one in versions:
        one.programme = programme
    return versions


def newest(versions: Iterable[Guide]) -> int:
    return max((one.version for one in versions), default=0)


def the_draft(versions: Iterable[Guide]) -> Guide:
    return draft_among(
        versions,
        _("Nobody is changing this guide now: the draft was published or thrown away meanwhile. Nothing was saved."),
    )


def copied(guide: Guide, **fields: Any) -> Guide:
    """A new version with the same title, aims, materials, handouts and items; `guide` is fetched `with_plan`."""
    copy = Guide.versions.create(
        programme=guide.programme,
        number=guide.number,
        title=guide.title,
        aims=guide.aims,
        materials=guide.materials,
        **fields,
    )
    Handout.objects.bulk_create(
        Handout(guide=copy, resource=handout.resource, position=handout.position)
        for handout in guide.handouts_in_order.all()
    )
    sources = list(guide.items.all())
    items = AgendaItem.objects.bulk_create(
        AgendaItem(guide=copy, key=item.key, position=item.position, **fields_of(item)) for item in sources
    )
    ItemResource.objects.bulk_create(
        ItemResource(item=item, resource=use.resource, position=use.position)
        for item, source in zip(items, sources, strict=True)
        for use in source.uses_in_order.all()
    )
    return copy


# --- Changing the draft -----------------------------------------------------------------------------


@transaction.atomic
def save_item(
    *,
    guide: Guide,
    key: str,
    by: User,
    uses: Sequence[Resource],
    after: str,
    seen: str,
    at: datetime | None = None,
    **fields: Any,
) -> AgendaItem:
    """Changes a part of the draft and puts it after the part whose key is `after` ("" is the start).

    `seen` is the fingerprint of the part as it was on the page; "" where it is new.
    """
    draft = the_draft(locked(guide, by))
    item = draft.items.filter(key=key).first()
    if item is None:
        if seen:
            raise ChangedMeanwhile(
                _("%(who)s took this part out of the guide meanwhile. Save again to put it back in.")
                % {"who": who_changed(draft, by)}
            )
        item = AgendaItem(guide=draft, key=key, position=last_position(draft.items) + 1)
    elif seen and seen != fingerprint(item):  # without it, this is the same new part sent once more
        raise meanwhile(draft, by)
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    set_uses(item, uses)
    place_after(draft, key, after)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=[*fields, "uses"])
    return item


@transaction.atomic
def change_item(*, guide: Guide, key: str, by: User, at: datetime | None = None, **fields: Any) -> None:
    """Some fields of a part of the draft, whatever the others are; `uses` are resources."""
    draft = the_draft(locked(guide, by))
    item = draft.items.filter(key=key).first()
    if item is None:
        raise Refused(_("This part is not in the guide any more."))
    for name, value in fields.items():
        if name == "uses":
            set_uses(item, value)
        else:
            setattr(item, name, value)
    item.save()
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=list(fields))


@transaction.atomic
def remove_item(*, guide: Guide, key: str, by: User, at: datetime | None = None) -> str:
    """Takes a part out; twice is once. Says which it was."""
    draft = the_draft(locked(guide, by))
    item = draft.items.filter(key=key).first()
    if item is None:
        return ""
    item.delete()
    renumber(draft.items, [one.key for one in draft.items.all()], known_by="key")
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["items"])
    return item.title


@transaction.atomic
def save_agenda(
    *, guide: Guide, by: User, seen: str, order: Sequence[str], minutes: dict[str, int], at: datetime | None = None
) -> Guide:
    """The order of the draft's parts and their minutes; `seen` is the fingerprint of both as they were on the page."""
    draft = the_draft(locked(guide, by))
    if seen != fingerprint_of_agenda(draft):
        raise meanwhile(draft, by)
    items = list(draft.items.all())
    if sorted(order) != sorted(item.key for item in items):
        raise Refused(_("The parts of this guide have changed meanwhile. Open the page again."))
    for item in items:
        item.minutes = minutes.get(item.key, item.minutes)
    AgendaItem.objects.bulk_update(items, ["minutes"])
    renumber(draft.items, order, known_by="key")
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["items"])
    return draft


@transaction.atomic
def move_item(*, guide: Guide, key: str, after: str, by: User, at: datetime | None = None) -> None:
    draft = the_draft(locked(guide, by))
    place_after(draft, key, after)
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["items"])


@transaction.atomic
def save_about(
    *,
    guide: Guide,
    by: User,
    seen: str,
    title: str,
    aims: list[str],
    materials: list[str],
    at: datetime | None = None,
) -> None:
    draft = the_draft(locked(guide, by))
    if seen != fingerprint_of_about(draft):
        raise meanwhile(draft, by)
    draft.title, draft.aims, draft.materials = title, aims, materials
    draft.save(update_fields=["title", "aims", "materials"])
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["title", "aims", "materials"])


@transaction.atomic
def set_handouts(*, guide: Guide, do: str, resource: Resource, by: User, at: datetime | None = None) -> None:
    """`do` with a handout: "add" it at the end, "remove" it, move it "up" or "down". What is done already stays so."""
    draft = the_draft(locked(guide, by))
    order = [handout.resource for handout in draft.handouts_in_order.select_related("resource")]
    index = order.index(resource) if resource in order else None
    if do == "add" and index is None:
        order.append(resource)
    elif do == "remove" and index is not None:
        order.pop(index)
    elif do in ("up", "down") and index is not None:
        step = -1 if do == "up" else 1
        if 0 <= index + step < len(order):
            order.insert(index + step, order.pop(index))
    draft.handouts_in_order.all().delete()
    Handout.objects.bulk_create(
        Handout(guide=draft, resource=one, position=position) for position, one in enumerate(order, start=1)
    )
    touch(draft, by, at)
    audit.record(by, audit.Verb.CHANGED, draft, fields=["handouts"])


def set_uses(item: AgendaItem, uses: Sequence[Resource]) -> None:
    """Resources keep the order they had; new ones come after."""
    had = [use.resource_id for use in item.uses_in_order.all()]
    ordered = sorted(uses, key=lambda one: had.index(one.pk) if one.pk in had else len(had))
    item.uses_in_order.all().delete()
    ItemResource.objects.bulk_create(
        ItemResource(item=item, resource=resource, position=position)
        for position, resource in enumerate(ordered, start=1)
    )


def place_after(draft: Guide, key: str, after: str) -> None:
    """After the part named; at the start for "", at the end for one that is not there any more."""
    keys = list(draft.items.values_list("key", flat=True))
    if key not in keys or key == after:
        return
    keys.remove(key)
    index = 0 if not after else keys.index(after) + 1 if after in keys else len(keys)
    keys.insert(index, key)
    renumber(draft.items, keys, known_by="key")
