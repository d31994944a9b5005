"""Ticking the register. Rows are only added; a tick that comes twice, from one device or two, adds one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Place
from caregivers.places.actions import take_place
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import key_of
from ppg.models import User
from sessions_app.models import MarkState, RegisterMark, Session
from sessions_app.register import absences, rows


@transaction.atomic
def mark(
    *,
    session: Session,
    place: Place,
    state: str,
    key: str,
    by: User,
    ago_seconds: float = 0,
    at: datetime | None = None,
) -> RegisterMark:
    """Ticks one person, and returns the mark that says so.

    `key` is made with the tick: the same tick again returns the first mark, another one under its key is refused, and
    somebody else's key is one's own. What the register says already adds no
    row. `ago_seconds` is how long the tick waited on the device, by the device's own steady clock; what time that
    was is worked out here, and of two marks the one made later counts. Undoing is a tick with `MarkState.OPEN`.
    """
    session.lock()
    press_key = key_of(key, by=by, of="tick")
    known = list(RegisterMark.objects.filter(Q(key__in=(press_key, key)) | Q(session=session, place=place)))
    if first := next((one for one in known if is_of_press(one, press_key, key, by)), None):
        if (first.session_id, first.place_id, first.state) != (session.pk, place.pk, state):
            raise Refused(_("This tick was used for something else. Load the page again and tick once more."))
        return first
    before = rows.latest(known)
    if before and before.state == state:
        return before
    in_group = place.cohort_id == session.cohort_id and rows.was_in_group(place, session.day)
    if not before and not in_group:
        raise Refused(_("This person was not in the group on the day of this session. They cannot be ticked here."))
    made = add(session, place, state, press_key, by, rows.made_at(at or timezone.now(), ago_seconds, before, by.pk))
    absences.after_tick(place, before, made, by, at)
    return made


def is_of_press(mark: RegisterMark, press_key: str, key: str, by: User) -> bool:
    """A device may send again what an earlier version took under the bare key."""
    return mark.key == press_key or (mark.key == key and mark.recorded_by_id == by.pk)


@transaction.atomic
def everyone_here(
    *,
    session: Session,
    key: str,
    by: User,
    only: Collection[str] = (),
    ago_seconds: float = 0,
    at: datetime | None = None,
) -> list[RegisterMark]:
    """Ticks as here whoever is on the register and not ticked yet; of the places in `only`, where it is given.
    Each mark's key is made from `key`, so that the same press again ticks nobody a second time, nor anybody whose
    tick was undone since."""
    session.lock()
    marks = list(session.marks.all())
    used = {mark.key for mark in marks}
    used |= {key_of(mark.key, by=by, of="tick") for mark in marks if mark.recorded_by_id == by.pk}
    now = at or timezone.now()
    return [
        add(session, row.place, MarkState.PRESENT, own_key, by, rows.made_at(now, ago_seconds, row.mark, by.pk))
        for row in rows.rows(list(session.on_register()), marks, session.day)
        if row.is_open
        and not row.joined_later
        and (own_key := key_of(f"{key}.{row.place.code}", by=by, of="tick")) not in used
        if not only or row.place.code in only
    ]


@transaction.atomic
def let_in(
    *, session: Session, caregiver: Caregiver, key: str, by: User, why_first: str = "", at: datetime | None = None
) -> RegisterMark:
    """Somebody came unannounced: takes a place the ordinary way, which refuses whoever may not, and ticks them."""
    place = Place.objects.filter(cohort=session.cohort_id, caregiver=caregiver, state=Place.State.TAKEN).first()
    if place is None:
        place = take_place(cohort=session.cohort, caregiver=caregiver, by=by, why_first=why_first, at=at)
    return mark(session=session, place=place, state=MarkState.PRESENT, key=key, by=by, at=at)


def add(session: Session, place: Place, state: str, key: str, by: User, made_at: datetime) -> RegisterMark:
    made = RegisterMark.objects.create(
        session=session, place=place, state=state, key=key, made_at=made_at, recorded_by=by
    )
    audit.record(by, audit.Verb.CHANGED, made, person=place.caregiver, cohort=session.cohort, fields=["state"])
    return made
