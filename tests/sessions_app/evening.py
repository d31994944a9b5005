"""A group after its session, for the tests of closing and packs."""

from __future__ import annotations

from uuid import uuid4

from django.utils import timezone

from caregivers.models import Place
from ppg.models import User
from programmes.models import Cohort, Resource
from sessions_app.models import Session, SessionHandout
from sessions_app.register import actions as register
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, SessionItemFactory


def resource(slug: str, title: str = "", **fields) -> Resource:
    return Resource.objects.create(slug=slug, title=title or slug.title(), **{"kind": "document", **fields})


def person(cohort: Cohort, name: str, by: str = "email", safe=("email", "call"), **fields) -> Place:
    """In the group; with an address, and e-mail is safe, unless said otherwise."""
    first = name.split()[0].lower()
    told = {"email": f"{first}@families.example", "safe_ways": list(safe), "registered_at": timezone.now()}
    caregiver = CaregiverFactory(
        cohort=cohort, name=name, handouts_by=by, registered_how="online", **{**told, **fields}
    )
    return PlaceFactory(cohort=cohort, caregiver=caregiver, seat=cohort.place_set.count() + 1)


def evening(cohort: Cohort, *, handouts: bool = True, **fields) -> Session:
    """Session 2, today, with an agenda; its handouts are a link, a film, an alarm and a sheet without a file."""
    told = {"number": 2, "title": "Ways in", "starts_at": timezone.now(), **fields}
    session = SessionFactory(cohort=cohort, **told)
    for position, (title, minutes) in enumerate([("Welcome", 10), ("Stages", 20), ("Close", 5)], start=1):
        SessionItemFactory(session=session, position=position, title=title, minutes=minutes, kind="discussion")
    if handouts:
        given = [
            resource("stages", "The five stages of recruitment", url="https://stages.example/read"),
            resource("film", "Are you listening?", kind="film", url="https://film.example/watch"),
            resource("alarm", "Personal alarm", kind="item"),
            resource("jordan", "Jordan’s story", kind="story"),
        ]
        for position, one in enumerate(given, start=1):
            SessionHandout.objects.create(session=session, resource=one, position=position)
    return session


def tick(session: Session, place: Place, state: str, by: User) -> None:
    register.mark(session=session, place=place, state=state, key=str(uuid4()), by=by)
