"""What sessions add to a caregiver's record: where they were, and what they were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from caregivers.record_parts import Event, Held, RecordPart
from ppg.background.jobs import forget
from ppg.models import User
from sessions_app.models import Delivery, MarkState, RegisterMark

State = Delivery.State


def register_events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """The tick that counts, of each session."""
    marks = RegisterMark.objects.filter(place__in=caregiver.places.visible_to(user)).latest()
    for mark in marks.exclude(state=MarkState.OPEN).select_related("session"):
        words = {"number": mark.session.number, "title": mark.session.title}
        text = _("Session %(number)s: %(title)s") % words
        yield Event(mark.session.starts_at, text, mark.get_state_display(), recorded=mark.made_at)


def pack_events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """Handouts and things, each with what became of it."""
    found = Delivery.objects.filter(place__in=caregiver.places.visible_to(user))
    for delivery in found.select_related("pack__session").prefetch_related("given__resource"):
        text = _("Handouts of session %(number)s: %(way)s") % {
            "number": delivery.pack.session.number,
            "way": delivery.get_way_display().lower(),
        }
        detail = " ".join(filter(None, [delivery.get_state_display() + ".", delivery.problem]))
        yield Event(delivery.state_at, text, detail)
        for given in delivery.given.all():
            yield Event(given.at, _("Given: %(thing)s") % {"thing": given.resource})


def register_held(caregiver: Caregiver) -> Held:
    """Every tick, the corrected ones too."""
    marks = RegisterMark.objects.filter(place__caregiver=caregiver).select_related("session__cohort")
    return {
        _("The register"): [
            {_("Group"): str(mark.session.cohort), _("Session"): str(mark.session), _("Day"): mark.session.day}
            | {_("Ticked as"): str(mark), _("Ticked at"): mark.made_at, _("Ticked by"): _("a member of staff")}
            for mark in marks
        ]
    }


def packs_held(caregiver: Caregiver) -> Held:
    found = Delivery.objects.filter(place__caregiver=caregiver).order_by("id")
    rows = found.select_related("pack__session__cohort").prefetch_related("given__resource")
    return {
        _("Handouts and things"): [
            {
                _("Group"): str(row.pack.session.cohort),
                _("Session"): str(row.pack.session),
                _("Way"): row.get_way_display(),
                _("What was in it"): "\n".join(str(one.get("title", "")) for one in row.pack.contents),
                _("What happened"): row.get_state_display(),
                _("When"): row.state_at,
                _("Remark"): row.problem,
                _("Given into your hand"): ", ".join(str(given.resource) for given in row.given.all()),
            }
            for row in rows
        ]
    }


def pack_counts(caregivers: QuerySet[Caregiver]) -> Mapping[str, int]:
    return {_("Handouts sent or handed over"): Delivery.objects.filter(place__caregiver__in=caregivers).count()}


def erase_packs(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    """What went to them, and the jobs that would send more. Ticks of the register stay: they say that somebody came,
    and no longer who."""
    theirs = Delivery.objects.filter(place__caregiver=caregiver)
    forget(set(theirs.values_list("code", flat=True)))
    theirs.delete()


PARTS = [
    RecordPart("register", events=register_events, held=register_held),
    RecordPart("packs", events=pack_events, held=packs_held, counts=pack_counts, erase=erase_packs),
]
