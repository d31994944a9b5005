"""Concerns and the information log: each action atomic, and in the part of the audit trail only their readers see.

`site` ("https://host") is where the link in the reminder leads. `at` is when it was done, now where it is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.concerns.jobs import remind
from caregivers.concerns.queries import kept_since
from caregivers.models import Caregiver, Concern, ConcernStep, Information, Restricted
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.models import User
from programmes.models import Cohort

Kind = ConcernStep.Kind
Thing = TypeVar("Thing", bound=Restricted)


@dataclass(frozen=True)
class Step:
    """Something done or somebody told, and when."""

    kind: str
    text: str
    at: datetime


@transaction.atomic
def write_down(
    *,
    cohort: Cohort,
    words: str,
    on: date,
    by: User,
    caregiver: Caregiver | None = None,
    source: str = Concern.Source.SAID,
    danger: bool = False,
    steps: Iterable[Step] = (),
    site: str = "",
    at: datetime | None = None,
) -> Concern:
    """What somebody said, in their words. The safeguarding lead hears at once that something waits."""
    now = at or timezone.now()
    concern = Concern.objects.create(
        cohort=cohort,
        subject=caregiver.code if caregiver else "",
        author=by,
        written_at=now,
        on=on,
        words=words,
        source=source,
        danger=danger,
    )
    for step in steps:
        ConcernStep.objects.create(concern=concern, kind=step.kind, text=step.text, at=step.at, by=by)
    tell(by, audit.Verb.CREATED, concern, ["danger", "on", "source", "steps", "words"])
    enqueue_on_commit(remind, site)
    return concern


@transaction.atomic
def add_step(*, concern: Concern, kind: str, text: str, by: User, at: datetime | None = None) -> ConcernStep:
    """What was done or who was told since. A closed one is opened again first."""
    held = locked(concern)
    if not held.is_open:
        raise Refused(_("This was closed meanwhile. The safeguarding lead can open it again."))
    step = ConcernStep.objects.create(concern=held, kind=kind, text=text, at=at or timezone.now(), by=by)
    tell(by, audit.Verb.CHANGED, held, ["steps"])
    return step


@transaction.atomic
def log_information(
    *,
    cohort: Cohort,
    about: str,
    noticed: str,
    noticed_when: str,
    how_known: str,
    by: User,
    methods: Iterable[str] = (),
    caregiver: Caregiver | None = None,
    passed_on: date | None = None,
    reference: str = "",
    site: str = "",
    at: datetime | None = None,
) -> Information:
    """What a caregiver noticed."""
    information = Information.objects.create(
        cohort=cohort,
        subject=caregiver.code if caregiver else "",
        author=by,
        written_at=at or timezone.now(),
        about=about,
        noticed=noticed,
        noticed_when=noticed_when,
        how_known=how_known,
        methods=list(methods),
        passed_on=passed_on,
        reference=reference,
    )
    tell(by, audit.Verb.CREATED, information, ["about", "how_known", "methods", "noticed", "noticed_when"])
    enqueue_on_commit(remind, site)
    return information


@transaction.atomic
def pass_on(*, information: Information, passed_on: date, reference: str, by: User) -> Information:
    """It went to the police: when, and under which reference."""
    held = locked(information)
    values = {"passed_on": passed_on, "reference": reference}
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.save(update_fields=changed)
        tell(by, audit.Verb.CHANGED, held, changed)
    return held


@transaction.atomic
def close(*, thing: Thing, by: User, text: str = "", at: datetime | None = None) -> Thing:
    """Nobody is reminded of it any more; pressed twice, the first holds. A concern keeps how it ended."""
    held = locked(thing)
    if not held.is_open:
        return held
    held.closed_at, held.closed_by = at or timezone.now(), by
    held.save(update_fields=["closed_at", "closed_by"])
    say(held, Kind.CLOSED, text, by, held.closed_at)
    tell(by, audit.Verb.CHANGED, held, ["closed_at", "closed_by"])
    return held


@transaction.atomic
def reopen(*, thing: Thing, by: User, text: str = "", site: str = "", at: datetime | None = None) -> Thing:
    """It waits again, and the safeguarding lead is told so."""
    held = locked(thing)
    if held.is_open:
        return held
    held.closed_at = held.closed_by = held.reminded_at = None
    held.save(update_fields=["closed_at", "closed_by", "reminded_at"])
    say(held, Kind.REOPENED, text, by, at or timezone.now())
    tell(by, audit.Verb.CHANGED, held, ["closed_at", "closed_by"])
    enqueue_on_commit(remind, site)
    return held


@transaction.atomic
def remove(*, things: Iterable[Restricted], by: User | None, at: datetime | None = None) -> int:
    """Removes those whose time is over, with their steps, and leaves the others; returns how many went."""
    since, gone = kept_since(at or timezone.now()), 0
    for thing in things:
        if type(thing).objects.filter(pk=thing.pk, closed_at__lte=since).delete()[0]:
            tell(by, audit.Verb.CHANGED, thing, ["removed"])
            gone += 1
    return gone


# --- What they share --------------------------------------------------------------------------------------


def locked(thing: Thing) -> Thing:
    rows = type(thing).objects.select_for_update(of=("self",)).select_related("cohort")
    return rows.get(pk=thing.pk)


def say(thing: Restricted, kind: str, text: str, by: User, at: datetime) -> None:
    if isinstance(thing, Concern) and text:
        ConcernStep.objects.create(concern=thing, kind=kind, text=text, at=at, by=by)


def tell(by: User | None, verb: str, thing: Restricted, fields: Iterable[str]) -> None:
    audit.record(by, verb, thing, cohort=thing.cohort, fields=fields)
