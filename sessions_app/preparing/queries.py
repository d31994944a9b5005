"""What the page that prepares a session reads: one query each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, JSONField, OuterRef, PositiveSmallIntegerField, Q, Subquery

from caregivers.follow_ups import queries as follow_ups
from caregivers.models import FollowUp, Place
from ppg.models import User
from programmes.models import Resource
from sessions_app.handouts import what_is_missing
from sessions_app.models import (
    LaterQuestion,
    Prepared,
    RegisterMark,
    Session,
    SessionHandout,
    SessionItemResource,
    SessionQuerySet,
    Speaker,
)
from sessions_app.preparing.things import FIELDS, Group, Thing, Things, to_bring, to_open, to_print, to_read


def things(session: Session, group: Group, ticks: Iterable[Prepared] = ()) -> Things:
    resources = list(resources_of(session))
    done = {tick.what: tick for tick in ticks}

    def with_ticks(rows: Iterable[Thing]) -> list[Thing]:
        return [Thing(thing.what, thing.title, thing.detail, thing.resource, done.get(thing.what)) for thing in rows]

    return Things(
        bring=with_ticks(to_bring(session.materials, resources)),
        print=with_ticks([*to_print(resources, group), *to_read(resources)]),
        open=with_ticks(to_open(resources)),
        pack=what_is_missing(one for one in resources if one.taken_home),  # type: ignore[attr-defined]
    )


def with_last_time(sessions: SessionQuerySet) -> SessionQuerySet:
    """Adds of the session before: `last_number`, `last_title`, `last_points`."""
    before = (
        Session.objects.filter(cohort=OuterRef("cohort"), cancelled_at=None, starts_at__lt=OuterRef("starts_at"))
        .exclude(pk=OuterRef("pk"))
        .order_by("-starts_at")
    )
    return sessions.annotate(
        last_number=Subquery(before.values("number")[:1], output_field=PositiveSmallIntegerField()),
        last_title=Subquery(before.values("title")[:1]),
        last_points=Subquery(before.values("recap_points")[:1], output_field=JSONField()),
    )


def resources_of(session: Session) -> Iterable[Resource]:
    """What its items show and what people take home: `shown`, `taken_home`. Items that are left out show nothing."""
    shown = SessionItemResource.objects.filter(item__session=session, item__left_out=False, resource=OuterRef("pk"))
    taken = SessionHandout.objects.filter(session=session, resource=OuterRef("pk"))
    return (
        Resource.objects.annotate(
            shown=Exists(shown),
            taken_home=Exists(taken),
            turn=Subquery(taken.order_by("position").values("position")[:1]),
        )
        .filter(Q(shown=True) | Q(taken_home=True))
        .order_by(F("turn").asc(nulls_last=True), "title")
    )


def places_of(session: Session) -> list[Place]:
    """Everybody in the group, with `ticked`: what the register of this session says of them already."""
    marks = RegisterMark.objects.filter(session=session, place=OuterRef("pk")).order_by("-made_at", "-id")
    fields = [*FIELDS, "handouts_by", "safe_ways", "email", "registered_at"]
    return list(
        Place.objects.in_group()
        .filter(cohort=session.cohort_id)
        .select_related("caregiver")
        .only(*Session.NAMED, *(f"caregiver__{name}" for name in fields))
        .annotate(ticked=Subquery(marks.values("state")[:1]))
    )


def speakers_of(session: Session) -> list[Speaker]:
    return list(
        Speaker.objects.filter(item__session=session, item__left_out=False)
        .select_related("item")
        .order_by("item__position", "id")
    )


def questions_of(session: Session) -> list[LaterQuestion]:
    """What was noted for later in earlier sessions of the group and is not answered."""
    return list(
        LaterQuestion.objects.filter(
            session__cohort=session.cohort_id, session__starts_at__lt=session.starts_at, answered_at=None
        )
        .exclude(session=session)
        .select_related("session")
    )


def calls_of(session: Session, user: User) -> list[follow_ups.FollowUpRow]:
    """Who should have heard from us by the day of the session."""
    due = FollowUp.objects.visible_to(user).filter(cohort=session.cohort_id).due().with_people()
    return follow_ups.rows(due.filter(Q(due_on=None) | Q(due_on__lte=session.day)))
