"""What sessions add to a caregiver's record: where they were, and what they were given."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from caregivers.record import Event, RecordPart
from ppg.models import User
from sessions_app.models import Delivery, MarkState, RegisterMark

State = Delivery.State


def register_events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """The tick that counts, of each session."""
    marks = RegisterMark.objects.filter(place__in=caregiver.places.visible_to(user)).latest()
    for mark in marks.exclude(state=MarkState.OPEN).select_related("session"):
        words = {"number": mark.session.number, "title": mark.session.title}
        yield Event(mark.session.starts_at, _("Session %(number)s: %(title)s") % words, mark.get_state_display())


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


PARTS = [RecordPart("register", events=register_events), RecordPart("packs", events=pack_events)]
