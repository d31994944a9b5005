"""Speakers from services: whom we ask for which item, and who has confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.models import User
from sessions_app.models import Session, SessionItem, Speaker
from sessions_app.planning.actions import Kind, keep, lock


def speakers_for(items: Iterable[SessionItem]) -> None:
    """A row for each service that the items name: what a new group begins with."""
    Speaker.objects.bulk_create(Speaker(item=item, service=service) for item in items for service in item.speakers)


@transaction.atomic
def add_speaker(
    *,
    item: SessionItem,
    service: str,
    why: str,
    by: User,
    organisation: str = "",
    name: str = "",
    contact: str = "",
    asked_on: date | None = None,
    confirmed_on: date | None = None,
    by_group: bool = False,
    effect_key: str = "",
    at: datetime | None = None,
) -> Speaker:
    """One more is asked to speak in this item; they take the slot of their service, where that is still empty."""
    values: dict[str, Any] = {
        "organisation": organisation,
        "name": name,
        "contact": contact,
        "asked_on": asked_on,
        "confirmed_on": confirmed_on,
    }

    def do() -> str:
        _cohort, session = lock(item.session)
        if any(values.values()) and (slot := empty_slot(item, service)):
            change_speaker(speaker=slot, by=by, **values)
            return slot.code
        made = Speaker.objects.create(item=item, service=service, **values)
        name_services(session, item, why, by_group, by, at)
        audit.record(by, audit.Verb.CREATED, made, cohort=session.cohort, fields=["service"])
        return made.code

    code = once(effect_key, do, by=by, of=f"speaker {item.code}") if effect_key else do()
    return Speaker.objects.get(code=code)


def empty_slot(item: SessionItem, service: str) -> Speaker | None:
    """Of this service in this item, with nobody in it yet."""
    empty = Speaker.objects.filter(item=item, organisation="", name="", asked_on=None).order_by("pk")
    return next((slot for slot in empty if not slot.contact and slot.service.casefold() == service.casefold()), None)


@transaction.atomic
def change_speaker(
    *,
    speaker: Speaker,
    by: User,
    organisation: str = "",
    name: str = "",
    contact: str = "",
    asked_on: date | None = None,
    confirmed_on: date | None = None,
) -> None:
    """Who it is, how to reach them, asked and confirmed."""
    values = {
        "organisation": organisation,
        "name": name,
        "contact": contact,
        "asked_on": asked_on,
        "confirmed_on": confirmed_on,
    }
    locked = Speaker.objects.select_for_update().get(pk=speaker.pk)
    changed = [field for field, value in values.items() if getattr(locked, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(locked, field, values[field])
    locked.save(update_fields=changed)
    audit.record(by, audit.Verb.CHANGED, locked, cohort=speaker.item.session.cohort, fields=changed)


@transaction.atomic
def remove_speaker(
    *,
    speaker: Speaker,
    why: str,
    by: User,
    by_group: bool = False,
    effect_key: str = "",
    at: datetime | None = None,
) -> None:
    """Not asked to speak any more. What was kept of them goes."""

    def do() -> str:
        _cohort, session = lock(speaker.item.session)
        if Speaker.objects.filter(pk=speaker.pk).delete()[0]:
            name_services(session, speaker.item, why, by_group, by, at)
            audit.record(by, audit.Verb.CHANGED, speaker, cohort=session.cohort, fields=["removed"])
        return ""

    once(effect_key, do, by=by, of=f"no speaker {speaker.code}") if effect_key else do()


def name_services(session: Session, item: SessionItem, why: str, by_group: bool, by: User, at: datetime | None) -> None:
    """The item names the services that are asked, which everybody who sees the agenda may know."""
    before, after = item.speakers, [guest.service for guest in item.guests.all()]
    if before != after:
        item.speakers = after
        item.save(update_fields=["speakers"])
        keep(session, Kind.AGENDA, ({"speakers": before}, {"speakers": after}), why, by_group, by, at, item)
