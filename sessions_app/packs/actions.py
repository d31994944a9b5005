"""Packs: making them, and what staff do about each. What the service does by itself is in `sessions_app.packs.jobs`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import ErasedMeanwhile, HandoutsBy, Place
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.models import User
from programmes.models import Resource
from sessions_app.models import Delivery, Given, Pack, Session
from sessions_app.packs import contents as packs
from sessions_app.packs.jobs import send_delivery, tell

State = Delivery.State


@transaction.atomic
def make(
    *,
    session: Session,
    resources: Sequence[Resource],
    by: User,
    missed: Collection[int] = (),
    at: datetime | None = None,
) -> Pack:
    """The session's pack, with a delivery for everybody in the group by the way they prefer. E-mails leave when the
    transaction is kept. `missed` are the places of those who were away. There is one pack of a session."""
    now = at or timezone.now()
    contents = [packs.content(resource) for resource in resources]
    pack, new = Pack.objects.get_or_create(
        session=session, defaults={"contents": contents, "made_at": now, "made_by": by}
    )
    if not new:
        return pack
    everybody = Place.objects.filter(cohort=session.cohort_id).in_group().select_related("caregiver")
    deliveries = []
    for place in everybody:
        way, why_paper = packs.way(place.caregiver, contents)
        made = Delivery(pack=pack, place=place, way=way, problem=why_paper, state_at=now, catch_up=place.pk in missed)
        deliveries.append(made)
    Delivery.objects.bulk_create(deliveries)
    audit.record(by, audit.Verb.CREATED, pack, cohort=session.cohort, fields=["contents", "deliveries"])
    for delivery in deliveries:
        if delivery.way == HandoutsBy.EMAIL:
            enqueue_on_commit(send_delivery, delivery.code)
    return pack


@transaction.atomic
def send_again(*, delivery: Delivery, by: User, seen: str, at: datetime | None = None) -> None:
    """One that was not sent, or whose fate nobody knows. `seen` is the state the person saw: what has become known
    since is not sent again by mistake, and a second press sends nothing more."""
    now = at or timezone.now()
    held = locked(delivery)
    if seen not in (State.FAILED, State.UNKNOWN):
        raise Refused(_("Only an e-mail that was not sent, or may not have been, can be sent again."))
    if held.state != seen and packs.state_at(held, now) != seen:
        return
    if why := why_not_again(held):
        raise Refused(why)
    row = Delivery.objects.filter(pk=held.pk)
    if held.state == State.SENDING:  # its worker died, and no sweep has said so yet
        row.turn(State.UNKNOWN, now)
    if row.turn(State.WAITING, now, problem=""):
        tell(by, held, "send_again")
        enqueue_on_commit(send_delivery, held.code)


def why_not_again(delivery: Delivery) -> str:
    """Why it cannot go by e-mail, or nothing."""
    if delivery.place.state != Place.State.TAKEN:
        return _("They have left the group.")
    return packs.why_not_mail(delivery.place.caregiver)


@transaction.atomic
def to_paper(*, delivery: Delivery, by: User, at: datetime | None = None) -> None:
    """On paper instead: it could not be sent, or never arrived."""
    held = locked(delivery)
    if held.way == HandoutsBy.PAPER:
        return
    if held.state == State.SENDING and packs.state_at(held, at or timezone.now()) == State.SENDING:
        raise Refused(_("It is being sent just now. Look again in a minute."))
    row, now = Delivery.objects.filter(pk=held.pk), at or timezone.now()
    if held.state == State.SENDING:
        row.turn(State.UNKNOWN, now)
    row.turn(State.WAITING, now, way=HandoutsBy.PAPER, problem=_("On paper instead of by e-mail."))
    tell(by, held, "on_paper")


@transaction.atomic
def hand_over(*, delivery: Delivery, by: User, handed: bool = True, at: datetime | None = None) -> None:
    """Ticks off the paper pack of one person, or takes the tick back."""
    now = at or timezone.now()
    held = locked(delivery)
    if held.way != HandoutsBy.PAPER:
        raise Refused(_("Theirs goes by e-mail."))
    if handed == (held.state == State.HANDED):
        return
    to, who = (State.HANDED, by) if handed else (State.WAITING, None)
    if Delivery.objects.filter(pk=held.pk).turn(to, now, handed_by=who):
        tell(by, held, "handed_over" if handed else "not_handed_over")


@transaction.atomic
def give(*, delivery: Delivery, resource: Resource, by: User, given: bool = True, at: datetime | None = None) -> None:
    """Ticks off a thing that somebody was given, or takes the tick back."""
    held = locked(delivery)
    if given:
        _made, changed = Given.objects.get_or_create(
            delivery=held, resource=resource, defaults={"at": at or timezone.now(), "by": by}
        )
    else:
        changed = bool(Given.objects.filter(delivery=held, resource=resource).delete()[0])
    if changed:
        tell(by, held, "given" if given else "not_given")


def thing_in(pack: Pack, slug: str) -> Resource | None:
    """One of the things that everybody is given in the hand."""
    inside = slug in {one["slug"] for one in packs.by_hand(pack.contents)}
    return Resource.objects.filter(slug=slug).first() if inside else None


@transaction.atomic
def give_to_those_here(*, pack: Pack, resource: Resource, by: User, at: datetime | None = None) -> None:
    """The same for everybody who was at the session, in one press. Who was away has not got it."""
    for delivery in pack.deliveries.filter(catch_up=False):
        give(delivery=delivery, resource=resource, by=by, at=at)


def locked(delivery: Delivery) -> Delivery:
    rows = Delivery.objects.select_for_update(of=("self",))
    held = rows.select_related("place__caregiver", "pack__session__cohort").filter(pk=delivery.pk).first()
    if held is None:
        raise ErasedMeanwhile
    return held
