"""Places given, offered and freed. Who may have one is asked of `rules`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import (
    NEXT,
    Caregiver,
    PersonalLink,
    Place,
    Referral,
)
from caregivers.places import rules
from caregivers.places.rules import OFFER_LASTS, SAY_WHY, Places, check_of
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from programmes.telling.actions import tell


def first_place(seats: Places, person: Caregiver, cohort: Cohort, by: User | None, now: datetime) -> Place:
    """In the group where that is possible, otherwise on the waiting list. The caller holds cohort and person."""
    place, seat = seats.of_caregiver(person.pk), seats.seat_at_once(person.pk, check_of(person))
    if place and place.state == Place.State.TAKEN:
        return place
    if place and place.state == Place.State.WAITING and not seat:
        return place  # keeps its place in the list
    return _move(place, person, cohort, Place.State.TAKEN if seat else Place.State.WAITING, by, now, seat=seat)


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
    seats, person = rules.hold(cohort, caregiver, now)
    place = seats.of_caregiver(person.pk)
    if why := seats.why_not_offer(person.pk, check_of(person)):
        raise Refused(why)
    _in_order(seats, person, why_first)
    until = until or now + OFFER_LASTS
    if until <= now:
        raise Refused(_("An offer lasts until a day to come."))
    seat = seats.seat_for(person.pk)
    return _move(place, person, cohort, Place.State.OFFERED, by, now, seat=seat, until=until, why_first=why_first)


@transaction.atomic
def take_place(
    *, cohort: Cohort, caregiver: Caregiver, by: User | None, why_first: str = "", at: datetime | None = None
) -> Place:
    """Into the group: from the waiting list, from an offer, or back after leaving."""
    now = at or timezone.now()
    seats, person = rules.hold(cohort, caregiver, now)
    place = seats.of_caregiver(person.pk)
    if why := seats.why_not_give(person.pk, check_of(person), person.registered_at is not None):
        raise Refused(why)
    _in_order(seats, person, why_first)
    seat = seats.seat_for(person.pk)
    return _move(place, person, cohort, Place.State.TAKEN, by, now, seat=seat, why_first=why_first)


@transaction.atomic
def wait(*, cohort: Cohort, caregiver: Caregiver, by: User | None, at: datetime | None = None) -> Place:
    """To the end of the waiting list."""
    now = at or timezone.now()
    seats, person = rules.hold(cohort, caregiver, now)
    return _move(seats.of_caregiver(person.pk), person, cohort, Place.State.WAITING, by, now)


@transaction.atomic
def leave(*, cohort: Cohort, caregiver: Caregiver, by: User | None, at: datetime | None = None) -> Place:
    """Out of the group, off the list, or an offer declined. The next person is proposed to staff, not placed."""
    now = at or timezone.now()
    seats, person = rules.hold(cohort, caregiver, now)
    place = seats.of_caregiver(person.pk)
    if place and place.state == Place.State.LEFT:
        return place  # pressed twice
    PersonalLink.objects.invitations(person, cohort).revoke(now)  # one that lies about would let them in again
    return _move(place, person, cohort, Place.State.LEFT, by, now)


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
    seats, person = rules.hold(cohort, caregiver, now)
    if link:
        link.use_up(now)
    if by is None:
        place = seats.of_caregiver(person.pk)
        offered = place is not None and place.state == Place.State.OFFERED  # then a place is free now
        tell(cohort, P.PLACE_GIVE if offered else P.RECRUIT, owner=Referral.objects.owner_of(person, cohort))
    return leave(cohort=cohort, caregiver=caregiver, by=by, at=now)


@transaction.atomic
def set_size(*, cohort: Cohort, places: int, by: User | None, at: datetime | None = None) -> Cohort:
    """More places, or fewer: never fewer than are held, never more than the programme allows."""
    seats = rules.locked(cohort, at or timezone.now())
    if why := seats.why_not_size(places, cohort.programme.group_size_max):
        raise Refused(why)
    if places != seats.size:
        cohort.places = places
        cohort.save(update_fields=["places"])
        audit.record(by, audit.Verb.CHANGED, cohort, cohort=cohort, fields=["places"])
    return cohort


def end_offers(now: datetime) -> int:
    """Puts offers that ran out back on the waiting list; how many groups had some. Once a minute, by the worker."""
    due = list(Cohort.objects.filter(place_set__in=Place.objects.run_out(now)).distinct().order_by("id"))
    for cohort in due:
        with transaction.atomic():
            rules.locked(cohort, now)
    return len(due)


def _in_order(seats: Places, person: Caregiver, why_first: str) -> None:
    if seats.goes_first(person.pk) and not why_first.strip():
        raise Refused(str(SAY_WHY))


def _move(
    place: Place | None,
    person: Caregiver,
    cohort: Cohort,
    to: str,
    by: User | None,
    now: datetime,
    *,
    seat: int | None = None,
    until: datetime | None = None,
    why_first: str = "",
) -> Place:
    """The one place where a place changes its state. The caller holds the lock, has asked whether it may, and says
    which seat it has from now on."""
    verb = audit.Verb.CHANGED if place else audit.Verb.CREATED
    if place is None:
        place = Place(cohort=cohort, caregiver=person)
    elif to not in NEXT[place.state]:
        words = {"now": place.get_state_display().lower(), "to": Place.State(to).label.lower()}
        raise Refused(_("A place that is “%(now)s” cannot become “%(to)s”.") % words)
    today = timezone.localdate(now)
    place.state, place.seat, place.offered_until = to, seat, until
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
