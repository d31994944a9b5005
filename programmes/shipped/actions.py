"""What changes programmes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from ppg.links.codes import new_code
from programmes.agenda.items import ITEM_FIELDS
from programmes.models import AgendaItem, Guide, Handout, ItemLead, ItemResource, Programme, Resource
from programmes.shipped import template_files

SHIPPED = ("peer-parent-group.yaml", "parent-empowerment-session.yaml")


def load_shipped(*, again: bool = False) -> list[Programme]:
    """The programmes that come with the product, in the database."""
    return [load_template(settings.BASE_DIR / "fixtures" / name, again=again) for name in SHIPPED]


@transaction.atomic
def load_template(path: Path, *, again: bool = False) -> Programme:
    """The programme of a template file. One that is there already is left as it is, since leads may have changed it;
    `again=True` puts it back as the file says. Cohorts keep their own copies in either case.
    """
    data = template_files.read(path)
    programme, new = Programme.objects.get_or_create(
        slug=data["programme"]["slug"], defaults=programme_fields(data["programme"])
    )
    if not new and not again:
        return programme
    if not new:
        update(programme, programme_fields(data["programme"]))
    resources = {slug: load_resource(slug, facts, again=again) for slug, facts in data["resources"].items()}
    for facts in data["guides"]:
        load_guide(programme, facts, resources)
    gone = Guide.versions.filter(programme=programme).exclude(number__in=[facts["number"] for facts in data["guides"]])
    gone.filter(state=Guide.State.DRAFT).delete()
    gone.update(state=Guide.State.OLD)  # sessions may have been copied from it
    return programme


def programme_fields(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": facts["title"],
        "purpose": facts["purpose"],
        "stance": facts.get("stance", ""),
        "stage": facts.get("stage", ""),
        "session_minutes": facts["session_minutes"],
        "group_size_max": facts["group_size_max"],
        "time_after_minutes": facts.get("time_after_session_minutes", 0),
        "online_possible": "online" in facts.get("delivery", []),
        "approaches": facts.get("approaches", []),
    }


def load_resource(slug: str, facts: dict[str, Any], *, again: bool) -> Resource:
    """Resources are shared by programmes: one that is known keeps the address a lead gave it."""
    fields = {
        "title": facts["title"],
        "publisher": facts.get("publisher", ""),
        "kind": facts["kind"],
        "url": facts.get("url", ""),
        "starts_at": facts.get("starts_at", ""),
        "print_for_everyone": facts.get("print_for") == "everyone",
    }
    resource, new = Resource.objects.get_or_create(slug=slug, defaults=fields)
    if again and not new:
        if not fields["url"]:
            del fields["url"]
        update(resource, fields)
    resource.clean_fields()
    return resource


def load_guide(programme: Programme, facts: dict[str, Any], resources: dict[str, Resource]) -> None:
    """The guide of the file. Where another version is published already, it becomes the next version, so that
    sessions still know what they were copied from; one that says the same is left alone.
    """
    versions = list(Guide.versions.filter(programme=programme, number=facts["number"]).order_by("version"))
    current = next((one for one in versions if one.state == Guide.State.CURRENT), None)
    if current and as_in_file(current) == wanted(facts):
        return
    if current:
        current.state = Guide.State.OLD
        current.save(update_fields=["state"])
    version = max((one.version for one in versions if one.state != Guide.State.DRAFT), default=0) + 1
    for draft in versions:
        if draft.state == Guide.State.DRAFT:  # a lead's work in progress stays, behind the version it meets
            draft.version = version + 1
            draft.save(update_fields=["version"])
    guide = Guide.versions.create(
        programme=programme,
        number=facts["number"],
        version=version,
        why="" if version == 1 else gettext("Put back as the programme ships."),
        published_at=None if version == 1 else timezone.now(),
        title=facts["title"],
        aims=facts["aims"],
        materials=facts["materials"],
    )
    Handout.objects.bulk_create(
        Handout(guide=guide, resource=resources[slug], position=position)
        for position, slug in enumerate(facts.get("handouts", []), start=1)
    )
    known = {item.title: item.key for item in current.items.all()} if current else {}
    for position, item in enumerate(facts["items"], start=1):
        key = known.pop(item["title"], "") or new_code()
        load_item(guide, position, key, item, [resources[slug] for slug in item.get("uses", [])])


def item_fields(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": facts["title"],
        "kind": facts["kind"],
        "minutes": facts["minutes"],
        "counted": facts.get("counted", True),
        "lead": facts.get("lead", ItemLead.FACILITATOR),
        "prompts": facts["prompts"],
        "speakers": facts.get("speakers", []),
    }


def wanted(facts: dict[str, Any]) -> list[Any]:
    items = [[item_fields(item), item.get("uses", [])] for item in facts["items"]]
    return [facts["title"], facts["aims"], facts["materials"], facts.get("handouts", []), items]


def as_in_file(guide: Guide) -> list[Any]:
    """The guide in the shape of `wanted`, to see whether they are the same."""
    items = [
        [
            {name: getattr(item, name) for name in ITEM_FIELDS},
            [use.resource.slug for use in item.uses_in_order.select_related("resource")],
        ]
        for item in guide.items.all()
    ]
    handouts = [handout.resource.slug for handout in guide.handouts_in_order.select_related("resource")]
    return [guide.title, guide.aims, guide.materials, handouts, items]


def load_item(guide: Guide, position: int, key: str, facts: dict[str, Any], uses: Iterable[Resource]) -> None:
    item = AgendaItem(guide=guide, position=position, key=key, **item_fields(facts))
    item.clean_fields(exclude=["prompts", "speakers"])  # an unknown kind or lead stops here; empty lists are fine
    item.save()
    ItemResource.objects.bulk_create(
        ItemResource(item=item, resource=resource, position=number) for number, resource in enumerate(uses, start=1)
    )


def update(row: Programme | Resource, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
