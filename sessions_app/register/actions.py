"""Ticking the register. Rows are only added; a tick that comes twice, from one device or two, adds one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Place
from caregivers.places.actions import take_place
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import key_of
from ppg.models import User
from sessions_app.models import ON_THE_DAY, MarkState, RegisterMark, Session
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
    Before the session's day only apologies come in.
    """
    session.lock()
    press_key = key_of(key, by=by, of="tick")
    known = list(RegisterMark.objects.filter(Q(key__in=(press_key, key)) | Q(session=session)))
    if first := next((one for one in known if is_of_press(one, press_key, key, by)), None):
        if (first.session_id, first.place_id, first.state) != (session.pk, place.pk, state):
            raise Refused(_("This tick was used for something else. Load the page again and tick once more."))
        return first
    standing = rows.standing(mark for mark in known if mark.session_id == session.pk)
    before = standing.get(place.pk)
    if before and before.state == state:
        return before
    now = at or timezone.now()
    if state in ON_THE_DAY:
        refuse_before_its_day(session, now)
    in_group = place.cohort_id == session.cohort_id and rows.was_in_group(place, session.day)
    if not before and not in_group:
        raise Refused(_("This person was not in the group on the day of this session. They cannot be ticked here."))
    made = add(session, place, state, press_key, by, rows.made_at(now, ago_seconds, before, by.pk))
    absences.after_tick(place, standing, made, by, at)
    return made


def refuse_before_its_day(session: Session, now: datetime) -> None:
    """Who is here or missing can only be told on the day. Of a tick that waited on its device it matters when it comes:
    devices' clocks lie, and none that was made that evening is to be refused for it."""
    if session.day > timezone.localdate(now):
        raise Refused(
            _(
                "This session is on %(day)s. Until that day only apologies can be ticked. "
                "If the group has met already, change the date of the session first."
            )
            % {"day": date_format(session.day, "j F Y")}
        )


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
    going = [
        (row, own_key)
        for row in rows.rows(list(session.on_register()), marks, session.day)
        if row.is_open and not row.joined_later and (own_key := key_under_press(key, row.place, by)) not in used
        if not only or row.place.code in only
    ]
    now = at or timezone.now()
    if going:
        refuse_before_its_day(session, now)
    made = [
        add(session, row.place, MarkState.PRESENT, own_key, by, rows.made_at(now, ago_seconds, row.mark, by.pk))
        for row, own_key in going
    ]
    if made:
        absences.after_first_tick(session, rows.standing(marks), by, at)
    return made


def key_under_press(press: str, place: Place, by: User) -> str:
    """Of the mark that one press of "everyone here" made for this place."""
    return key_of(f"{press}.{place.code}", by=by, of="tick")


def still_as_pressed(standing: Iterable[rows.RegisterRow], press: str, by: User) -> list[rows.RegisterRow]:
    """Whose mark that counts is the one which this person's press of "everyone here" made."""
    return [row for row in standing if row.mark and row.mark.key == key_under_press(press, row.place, by)]


@transaction.atomic
def undo_everyone(
    *,
    session: Session,
    press: str,
    key: str,
    by: User,
    only: Collection[str] = (),
    ago_seconds: float = 0,
    at: datetime | None = None,
) -> list[RegisterMark]:
    """Takes back what one press of "everyone here" ticked, of the places in `only` where it is given: nobody who had
    been ticked before, and nobody who has been ticked otherwise since. Whoever pressed it can, nobody else.
    The same again finds nothing to take back."""
    session.lock()
    marks = list(session.marks.all())
    standing, now = rows.standing(marks), at or timezone.now()
    undone = []
    register = rows.rows(list(session.on_register()), marks, session.day)
    for row in still_as_pressed(register, press, by):
        if not row.mark or (only and row.place.code not in only):
            continue
        # What is undone was made before it, whatever the device's clock says.
        when = max(rows.made_at(now, ago_seconds, row.mark, by.pk), row.mark.made_at)
        own_key = key_of(f"{key}.{row.place.code}", by=by, of="undo everyone here")
        undone.append(add(session, row.place, MarkState.OPEN, own_key, by, when))
        absences.after_tick(row.place, standing, undone[-1], by, at)
        standing[row.place.pk] = undone[-1]
    return undone


@transaction.atomic
def let_in(
    *, session: Session, caregiver: Caregiver, key: str, by: User, why_first: str = "", at: datetime | None = None
) -> RegisterMark:
    """Somebody came unannounced: takes a place the ordinary way, which refuses whoever may not, and ticks them."""
    refuse_before_its_day(session, at or timezone.now())
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
