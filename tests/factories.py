"""Objects for tests, each the least that is valid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.db.models import Max
from django.utils import timezone

from caregivers.models import Caregiver, Place, PoliceCheck, Referral
from ppg.access.permissions import Role
from ppg.models import User
from programmes.models import AgendaItem, Cohort, Guide, Programme, Resource, TeamMember
from sessions_app.models import Session, SessionItem, Speaker


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@council.example")
    name = factory.Sequence(lambda n: f"Person Number{n}")
    role = Role.LEAD


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    title = "Peer Parent Group"
    purpose = "A weekly group."
    session_minutes = 90
    group_size_max = 8
    time_after_minutes = 15


class GuideFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Guide

    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Signs of exploitation"


class AgendaItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgendaItem

    guide = factory.SubFactory(GuideFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "Welcome and check-in"
    kind = "welcome"
    minutes = 10


class ResourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Resource

    slug = factory.Sequence(lambda n: f"resource-{n}")
    title = factory.Sequence(lambda n: f"Where to go for support {n}")
    kind = "handout"


class CohortFactory(factory.django.DjangoModelFactory):
    """With a team: `CohortFactory(team=[lead, facilitator])`; each takes the job their role names."""

    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Ipswich {n}")
    area = "Ipswich"
    venue = "Community centre"
    places = 8

    @factory.post_generation
    def team(self: Any, create: bool, people: list[User] | None, **kwargs: Any) -> None:
        for user in people or []:
            TeamMember.objects.create(cohort=self, user=user, job=user.role)


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Session

    cohort = factory.SubFactory(CohortFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Signs of exploitation"
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    minutes = 90


class SessionItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SessionItem

    session = factory.SubFactory(SessionFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = "Welcome and check-in"
    kind = "welcome"
    minutes = 10


class CaregiverFactory(factory.django.DjangoModelFactory):
    """Referred to a cohort, with a clear check: `CaregiverFactory(cohort=cohort)`."""

    class Meta:
        model = Caregiver
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Sam Example{n}")
    liked_name = ""
    phone = "01632 960001"

    @factory.post_generation
    def cohort(self: Any, create: bool, cohort: Cohort | None, **kwargs: Any) -> None:
        if cohort:
            Referral.objects.create(
                caregiver=self, cohort=cohort, source=Referral.Source.CASELOAD, received_on=timezone.localdate()
            )

    @factory.post_generation
    def check_outcome(self: Any, create: bool, outcome: str | None = None, **kwargs: Any) -> None:
        PoliceCheck.objects.create(caregiver=self, outcome=outcome or "clear", on=timezone.localdate())


def _next_seat(cohort: Cohort) -> int:
    return (cohort.place_set.aggregate(last=Max("seat"))["last"] or 0) + 1


class PlaceFactory(factory.django.DjangoModelFactory):
    """A taken place: `PlaceFactory(cohort=cohort, seat=1)`."""

    class Meta:
        model = Place

    cohort = factory.SubFactory(CohortFactory)
    caregiver = factory.LazyAttribute(lambda place: CaregiverFactory(cohort=place.cohort))
    state = Place.State.TAKEN
    seat = factory.LazyAttribute(lambda place: _next_seat(place.cohort))
    taken_on = factory.LazyFunction(timezone.localdate)


class SpeakerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Speaker

    item = factory.SubFactory(SessionItemFactory)
    service = "Police"
