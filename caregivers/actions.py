"""What is done about caregivers: each one atomic, in the audit trail, with keyword arguments.

`at` is when it happened (now, where it is left out). `by` is None where the caregiver did it themselves by a link.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from caregivers import places as placing
from caregivers import record
from caregivers.jobs import OWN_PAGE_LASTS, send_own_page
from caregivers.models import (
    NEXT,
    Caregiver,
    Consent,
    ConsentKind,
    ConsentWording,
    EmergencyContact,
    How,
    PersonalLink,
    Place,
    PoliceCheck,
    Referral,
    SafeWay,
)
from ppg import audit
from ppg.jobs import enqueue_on_commit
from ppg.links import digest, new_code
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort

INVITATION_LASTS = timedelta(days=14)

# What somebody tells us when they register; `emergency_contacts` comes with it.
ANSWERS = (
    "name",
    "liked_name",
    "phone",
    "email",
    "safe_ways",
    "safe_when",
    "language",
    "access_needs",
    "childcare",
    "travel",
    "refreshments",
    "allergies",
    "availability",
    "handouts_by",
)


class LinkEnded(Exception):
    """The link was used, revoked or ran out between opening the page and sending it."""


class Registered(NamedTuple):
    place: Place
    own_page: str  # the token of their own page


# --- Referral and check ------------------------------------------------------------------------------


@transaction.atomic
def refer(
    *,
    cohort: Cohort,
    name: str,
    source: str,
    received_on: date,
    by: User | None,
    liked_name: str = "",
    phone: str = "",
    email: str = "",
) -> Caregiver:
    """Somebody reached us: who they are and how to reach them, before they tell us more themselves."""
    caregiver = Caregiver.objects.create(name=name, liked_name=liked_name, phone=phone, email=email)
    referral = Referral.objects.create(caregiver=caregiver, cohort=cohort, source=source, received_on=received_on)
    audit.record(by, audit.Verb.CREATED, caregiver, person=caregiver, cohort=cohort, fields=["name", "phone", "email"])
    audit.record(by, audit.Verb.CREATED, referral, person=caregiver, cohort=cohort, fields=["source", "received_on"])
    return caregiver


@transaction.atomic
def record_check(*, caregiver: Caregiver, outcome: str, on: date, by: User | None) -> PoliceCheck:
    """The police check's outcome; the latest counts. With a concern after a place was taken, staff decide."""
    held = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    check = PoliceCheck.objects.create(caregiver=held, outcome=outcome, on=on, recorded_by=by)
    audit.record(by, audit.Verb.CREATED, check, person=caregiver, fields=["outcome", "on"])
    return check


# --- Links ---------------------------------------------------------------------------------------------


def token_of_press(*parts: str) -> str:
    """A secret token that belongs to one press of a button: the same press has the same token.

    Only a token's hash is kept, yet a form sent twice must lead to the same page both times.
    """
    made = salted_hmac("caregivers.token_of_press", "\n".join(parts), algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode()[:22]


def invite(
    *, caregiver: Caregiver, cohort: Cohort, by: User | None, token: str = "", at: datetime | None = None
) -> str:
    """A personal link to register with, good for 14 days; an earlier one stops working. Returns its token."""
    ends = PersonalLink.Purpose.REGISTER, INVITATION_LASTS
    return _replace_link(caregiver, cohort, *ends, by, token or new_code(), at or timezone.now())


def make_own_page(
    *, caregiver: Caregiver, cohort: Cohort, by: User | None, token: str = "", at: datetime | None = None
) -> str:
    """A new link to their own page; every earlier one stops working. Returns its token."""
    ends = PersonalLink.Purpose.OWN_PAGE, OWN_PAGE_LASTS
    return _replace_link(caregiver, cohort, *ends, by, token or new_code(), at or timezone.now())


@transaction.atomic
def _replace_link(
    caregiver: Caregiver, cohort: Cohort, purpose: str, lasts: timedelta, by: User | None, token: str, now: datetime
) -> str:
    Caregiver.objects.select_for_update().get(pk=caregiver.pk)  # two presses at once: one link lives
    if not PersonalLink.objects.filter(token_hash=digest(token)).exists():
        earlier = PersonalLink.objects.live(now).filter(caregiver=caregiver, purpose=purpose)
        if purpose == PersonalLink.Purpose.REGISTER:
            earlier = earlier.filter(cohort=cohort)
        earlier.update(revoked_at=now)
        link = _new_link(caregiver, cohort, purpose, token, now + lasts)
        audit.record(by, audit.Verb.CREATED, link, person=caregiver, cohort=cohort, fields=["purpose"])
    return token


def _end_invitations(caregiver: Caregiver, cohort: Cohort, now: datetime) -> None:
    links = PersonalLink.objects.live(now).filter(caregiver=caregiver, cohort=cohort)
    links.filter(purpose=PersonalLink.Purpose.REGISTER).update(revoked_at=now)


def _new_link(caregiver: Caregiver, cohort: Cohort, purpose: str, token: str, ends: datetime) -> PersonalLink:
    return PersonalLink.objects.create(
        caregiver=caregiver, cohort=cohort, purpose=purpose, token_hash=digest(token), expires_at=ends
    )


# --- Registration --------------------------------------------------------------------------------------


@transaction.atomic
def register(
    *,
    caregiver: Caregiver,
    cohort: Cohort,
    answers: Mapping[str, Any],
    consents: Mapping[str, bool],
    how: str,
    by: User | None = None,
    at: datetime | None = None,
    versions: Mapping[str, int] | None = None,
    link: PersonalLink | None = None,
    token: str = "",
    site: str = "",
) -> Registered:
    """Keeps what they told us and what they agreed to, and gives a place: in the group where the check is clear and a
    place is free that nobody before them waits for, otherwise on the waiting list.

    `versions` names the wordings that were shown (the newest, where left out), `link` the invitation that is used
    up by this, `token` the token for their own page. `site` ("https://host") is where the link in the e-mail leads;
    without it none is sent.
    """
    now = at or timezone.now()
    seats = placing.locked(cohort, now)
    if link and not PersonalLink.objects.live(now).filter(pk=link.pk).update(used_at=now):
        raise LinkEnded
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    wordings = ConsentWording.objects.shown(versions or {})
    person.registered_at, person.registered_how = now, how
    person.notice = wordings[ConsentWording.NOTICE]
    _keep_answers(person, answers, by, cohort)
    stood = set(person.consents.current().filter(given=True).values_list("kind", flat=True))
    for kind in ConsentKind.values:
        given = bool(consents.get(kind))
        _say(person, wordings[kind], given, how, by, now)
        if kind in stood and not given:
            record.tell_withdrawn(person, kind, now)
    _end_invitations(person, cohort, now)  # by staff instead of by the link: the link has done its work
    place = _first_place(seats, person, cohort, by, now)
    token = token or new_code()
    _new_link(person, cohort, PersonalLink.Purpose.OWN_PAGE, token, now + OWN_PAGE_LASTS)
    if site and person.email and SafeWay.EMAIL in person.safe_ways:
        enqueue_on_commit(send_own_page, person.code, cohort.code, site)
    return Registered(place, token)


@transaction.atomic
def change_answers(*, caregiver: Caregiver, answers: Mapping[str, Any], by: User) -> Caregiver:
    """Puts right what they told us."""
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    _keep_answers(person, answers, by, None)
    return person


def _keep_answers(person: Caregiver, answers: Mapping[str, Any], by: User | None, cohort: Cohort | None) -> None:
    changed = [name for name in ANSWERS if name in answers and getattr(person, name) != answers[name]]
    for name in changed:
        setattr(person, name, answers[name])
    person.save()
    if "emergency_contacts" in answers and _other_contacts(person, answers["emergency_contacts"]):
        changed.append("emergency_contacts")
    audit.record(by, audit.Verb.CHANGED, person, person=person, cohort=cohort, fields=changed)


def _other_contacts(person: Caregiver, contacts: Iterable[Mapping[str, str]]) -> bool:
    """Writes the emergency contacts where they differ from those we have."""
    told = [(one["name"], one["phone"], one.get("relation", "")) for one in contacts]
    rows = person.emergency_contacts.order_by("id")
    if [(row.name, row.phone, row.relation) for row in rows] == told:
        return False
    rows.delete()
    for name, phone, relation in told:
        EmergencyContact.objects.create(caregiver=person, name=name, phone=phone, relation=relation)
    return True


# --- Places ----------------------------------------------------------------------------------------------


def _first_place(seats: placing.Places, person: Caregiver, cohort: Cohort, by: User | None, now: datetime) -> Place:
    place = seats.of_caregiver(person.pk)
    if place and place.state == Place.State.TAKEN:
        return place
    check = _check_of(person)
    room = check == PoliceCheck.Outcome.CLEAR and seats.has_room_for(place)
    if not room and place and place.state == Place.State.WAITING:
        return place  # keeps its place in the list
    return _move(seats, place, person, cohort, Place.State.TAKEN if room else Place.State.WAITING, by, now)


@transaction.atomic
def offer(
    *,
    cohort: Cohort,
    caregiver: Caregiver,
    by: User | None,
    until: datetime | None = None,
    why_first: str = "",
    at: datetime | None = None,
) -> Place:
    """Keeps a place for somebody, for a week unless said otherwise; registering takes it."""
    now = at or timezone.now()
    seats, person, place = _held(cohort, caregiver, now)
    if why := seats.why_not_offer(place, _check_of(person)):
        raise Refused(why)
    _in_order(seats, place, why_first)
    until = until or now + placing.OFFER_LASTS
    return _move(seats, place, person, cohort, Place.State.OFFERED, by, now, until, why_first)


@transaction.atomic
def take_place(
    *, cohort: Cohort, caregiver: Caregiver, by: User | None, why_first: str = "", at: datetime | None = None
) -> Place:
    """Into the group: from the waiting list, from an offer, or back after leaving."""
    now = at or timezone.now()
    seats, person, place = _held(cohort, caregiver, now)
    if why := seats.why_not_give(place, _check_of(person), person.registered_at is not None):
        raise Refused(why)
    _in_order(seats, place, why_first)
    return _move(seats, place, person, cohort, Place.State.TAKEN, by, now, why_first=why_first)


@transaction.atomic
def wait(*, cohort: Cohort, caregiver: Caregiver, by: User | None, at: datetime | None = None) -> Place:
    """To the end of the waiting list."""
    now = at or timezone.now()
    seats, person, place = _held(cohort, caregiver, now)
    return _move(seats, place, person, cohort, Place.State.WAITING, by, now)


@transaction.atomic
def leave(*, cohort: Cohort, caregiver: Caregiver, by: User | None, at: datetime | None = None) -> Place:
    """Out of the group, off the list, or an offer declined. The next person is proposed to staff, not placed."""
    now = at or timezone.now()
    seats, person, place = _held(cohort, caregiver, now)
    if place and place.state == Place.State.LEFT:
        return place  # pressed twice
    _end_invitations(person, cohort, now)  # a link that lies about would let somebody in again
    return _move(seats, place, person, cohort, Place.State.LEFT, by, now)


@transaction.atomic
def decline(
    *,
    cohort: Cohort,
    caregiver: Caregiver,
    by: User | None = None,
    link: PersonalLink | None = None,
    at: datetime | None = None,
) -> Place:
    """No, thank you: an invitation or an offer. Their link is used up."""
    now = at or timezone.now()
    placing.locked(cohort, now)
    if link and not PersonalLink.objects.live(now).filter(pk=link.pk).update(used_at=now):
        raise LinkEnded
    return leave(cohort=cohort, caregiver=caregiver, by=by, at=now)


def _held(cohort: Cohort, caregiver: Caregiver, now: datetime) -> tuple[placing.Places, Caregiver, Place | None]:
    """The cohort's places and the person, both held, so that a check recorded meanwhile waits for us or we for it."""
    seats = placing.locked(cohort, now)
    return seats, Caregiver.objects.select_for_update().get(pk=caregiver.pk), seats.of_caregiver(caregiver.pk)


def _check_of(person: Caregiver) -> str | None:
    return person.checks.order_by("-id").values_list("outcome", flat=True).first()


def _in_order(seats: placing.Places, place: Place | None, why_first: str) -> None:
    if seats.goes_first(place) and not why_first.strip():
        raise Refused(str(placing.SAY_WHY))


def _move(
    seats: placing.Places,
    place: Place | None,
    person: Caregiver,
    cohort: Cohort,
    to: str,
    by: User | None,
    now: datetime,
    until: datetime | None = None,
    why_first: str = "",
) -> Place:
    """The one place where a place changes its state. The caller holds the lock and has asked whether it may."""
    verb = audit.Verb.CHANGED if place else audit.Verb.CREATED
    if place is None:
        place = Place(cohort=cohort, caregiver=person)
    elif to not in NEXT[place.state]:
        words = {"now": place.get_state_display().lower(), "to": Place.State(to).label.lower()}
        raise Refused(_("A place that is “%(now)s” cannot become “%(to)s”.") % words)
    if to not in (Place.State.OFFERED, Place.State.TAKEN):
        place.seat = None
    elif place.seat is None:
        place.seat = seats.lowest_free_seat
    today = timezone.localdate(now)
    place.state, place.offered_until = to, until
    if to == Place.State.TAKEN:
        place.taken_on, place.left_on = today, None
    elif to == Place.State.LEFT:
        place.left_on = today
    elif to == Place.State.WAITING:
        place.waiting_since = now
    if why_first:
        place.why_first = why_first
    place.save()
    audit.record(by, verb, place, person=person, cohort=cohort, fields=["state"])
    return place


# --- Consents ----------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(
    *, caregiver: Caregiver, kind: str, how: str = How.ONLINE, by: User | None = None, at: datetime | None = None
) -> Consent:
    """Takes a consent back: a row is added, and whatever was made from it is told at once, in this transaction."""
    now = at or timezone.now()
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    last = person.consents.filter(kind=kind).select_related("wording").last()
    if last and not last.given:
        return last  # pressed twice
    wording = last.wording if last else ConsentWording.objects.newest()[kind]
    row = _say(person, wording, False, how, by, now)
    record.tell_withdrawn(person, kind, now)
    return row


@transaction.atomic
def agree(
    *,
    caregiver: Caregiver,
    kind: str,
    how: str = How.ONLINE,
    by: User | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Consent:
    """Gives a consent later, or again: a row is added, with the wording that was shown."""
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    wording = ConsentWording.objects.shown({kind: version} if version else {})[kind]
    last = person.consents.filter(kind=kind).last()
    if last and last.given and last.wording_id == wording.pk:
        return last  # pressed twice
    return _say(person, wording, True, how, by, at or timezone.now())


def _say(person: Caregiver, wording: ConsentWording, given: bool, how: str, by: User | None, now: datetime) -> Consent:
    row = Consent.objects.create(
        caregiver=person, kind=wording.kind, wording=wording, given=given, how=how, at=now, recorded_by=by
    )
    audit.record(by, audit.Verb.CREATED, row, person=person, fields=[wording.kind])
    return row
