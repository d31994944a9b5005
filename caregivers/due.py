"""What is due about people: calls, first contacts, registrations, places, concerns. Police checks are due by the first
session, which a higher app knows (`sessions_app.due`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.concerns.queries import REMIND_EVERY
from caregivers.models import (
    Caregiver,
    Concern,
    FollowUp,
    Information,
    PersonalLink,
    Place,
    Referral,
    Restricted,
)
from caregivers.names import NAMES, called
from caregivers.people.stages import Stage, of_stage, with_stage
from ppg.access.permissions import P, Role
from ppg.database.counts import how_many
from programmes.due.sources import Asked, Source, Task
from programmes.models import Cohort

SOON = timedelta(days=3)  # whoever asked for us, or was named to us, hears from us by then
NEARLY_OVER = timedelta(days=2)  # an offer, or a link to register

PRESSES = {
    FollowUp.Kind.AFTER: gettext_lazy("Talk after the session"),
    FollowUp.Kind.CALL: gettext_lazy("Call"),
    FollowUp.Kind.EMAIL: gettext_lazy("Send an e-mail"),
    FollowUp.Kind.VISIT: gettext_lazy("Visit"),
    FollowUp.Kind.CATCH_UP: gettext_lazy("Catch up on a session"),
}


def calls(asked: Asked) -> QuerySet[FollowUp]:
    """To be done. What a missed session raised ends when the person leaves; what was agreed with them does not. Once
    the group itself has ended long ago nobody is reminded of any: the record keeps what was planned."""
    open_ones = FollowUp.objects.filter(cohort__in=asked.going_on, done_at=None, caregiver__erased_at=None)
    left = Place.objects.filter(state=Place.State.LEFT, cohort__in=asked.going_on)
    raised = Q(reason__in=[FollowUp.Reason.ABSENT, FollowUp.Reason.MISSED])
    return open_ones.exclude(raised & Q(caregiver__places__in=left))


def on_the_way(asked: Asked) -> QuerySet[Referral]:
    """Everybody referred who is neither in the group yet nor out of it, with `stage`."""
    there = Referral.objects.filter(cohort__in=asked.going_on, caregiver__erased_at=None)
    return of_stage(with_stage(there, asked.now), "")


def to_contact(asked: Asked) -> QuerySet[Referral]:
    """Nobody has talked to them yet, and they have told us nothing of themselves either."""
    found = on_the_way(asked).filter(contacted_on=None, caregiver__registered_at=None)
    return found.filter(stage=Stage.REFERRED)  # type: ignore[misc]  # of `with_stage`


def interests(asked: Asked) -> QuerySet[Referral]:
    return to_contact(asked).filter(source=Referral.Source.INTEREST)


def first_contacts(asked: Asked) -> QuerySet[Referral]:
    return to_contact(asked).exclude(source=Referral.Source.INTEREST)


def registrations(asked: Asked) -> QuerySet[Referral]:
    """Asked to register by a link that has ended or soon will, and they have not. `link_ended` says when."""
    links = PersonalLink.objects.filter(
        caregiver=OuterRef("caregiver"), cohort=OuterRef("cohort"), purpose=PersonalLink.Purpose.REGISTER, used_at=None
    )
    ends = links.order_by("-expires_at").values("expires_at")[:1]
    found = on_the_way(asked).filter(caregiver__registered_at=None).annotate(link_ended=Subquery(ends))
    return found.filter(link_ended__lte=asked.now + NEARLY_OVER)


def offers(asked: Asked) -> QuerySet[Referral]:
    """A place is kept for them that is given to somebody else tomorrow, or could be since. `place_until` says when."""
    there = Referral.objects.filter(cohort__in=asked.going_on, caregiver__erased_at=None)
    found = with_stage(there, asked.now).filter(place_state=Place.State.OFFERED)  # type: ignore[misc]
    return found.filter(place_until__lte=asked.now + NEARLY_OVER)  # type: ignore[misc]


def free_places(asked: Asked) -> QuerySet[Cohort]:
    """Groups with a place that nobody has, and somebody on the waiting list."""
    places = Place.objects.filter(cohort=OuterRef("pk")).order_by()
    waiting = Exists(places.filter(state=Place.State.WAITING))
    seated = places.seated().exclude(state=Place.State.OFFERED, offered_until__lte=asked.now)
    taken = how_many(seated, "cohort")
    return Cohort.objects.filter(waiting, pk__in=asked.going_on).annotate(taken=taken).filter(taken__lt=F("places"))


def unchecked(asked: Asked) -> QuerySet[Referral]:
    """Somebody has talked to them, or they came by themselves, and no police check has an answer yet."""
    there = Referral.objects.filter(cohort__in=asked.going_on, caregiver__erased_at=None)
    known = Q(contacted_on__isnull=False) | Q(caregiver__registered_at__isnull=False) | Q(check_outcome__isnull=False)
    found = with_stage(there, asked.now).exclude(stage=Stage.DECLINED)  # type: ignore[misc]
    known |= Q(stage=Stage.IN_GROUP)
    return found.filter(known).filter(Q(check_answered=None) | Q(check_answered=False))


def restricted(model: type[Restricted], asked: Asked) -> QuerySet[Any]:
    """For the safeguarding lead those of the whole service, for a lead those of their groups. Nobody else owes anything
    about them, and nobody else learns that there is one."""
    found = model.objects.visible_to(asked.user).filter(closed_at=None)
    if asked.user.role == Role.SAFEGUARDING:
        return found
    return found.filter(asked.within()) if asked.user.role == Role.LEAD else found.none()


def contact(task: Task) -> str:
    return reverse("caregivers:contact", args=[task.code])


def of_kind(slug: str, model: type[Restricted], words: Any, page: str) -> Source:
    return Source(
        slug,
        P.CONCERN,
        rows=partial(restricted, model),
        words=lambda task: str(words),
        url=lambda task: reverse(page, args=[task.code]),
        due=TruncDate("written_at"),
        within=REMIND_EVERY,
    )


SOURCES = [
    of_kind("concerns", Concern, gettext_lazy("Read a concern that is open"), "caregivers:concern"),
    of_kind("information", Information, gettext_lazy("Read information that is open"), "caregivers:information"),
    Source(
        "calls",
        P.FOLLOW_UP,
        rows=calls,
        words=lambda task: str(PRESSES[FollowUp.Kind(task.detail)]),
        url=lambda task: reverse("caregivers:follow_up", args=[task.code]),
        due="due_on",
        person="caregiver",
        owner="owner",
        detail="kind",
    ),
    Source(
        "interests",
        P.RECRUIT,
        rows=interests,
        words=lambda task: _("Reply to a new interest"),
        url=contact,
        due="received_on",  # at once: somebody found the courage to leave a number
        person="caregiver",
        owner="owner",
    ),
    Source(
        "first-contacts",
        P.RECRUIT,
        rows=first_contacts,
        words=lambda task: _("First contact"),
        url=contact,
        due="received_on",
        within=SOON,
        person="caregiver",
        owner="owner",
    ),
    Source(
        "registrations",
        P.PEOPLE_REGISTER,
        rows=registrations,
        words=lambda task: _("Ask again to register"),
        url=lambda task: reverse("caregivers:record", args=[task.code]),
        code="caregiver__code",
        due=TruncDate("link_ended"),
        person="caregiver",
        owner="owner",
    ),
    Source(
        "offers",
        P.PLACE_GIVE,
        rows=offers,
        words=lambda task: _("Ask for an answer to the offer"),
        url=lambda task: reverse("caregivers:record", args=[task.code]),
        code="caregiver__code",
        due=TruncDate("place_until"),
        person="caregiver",
        owner="owner",
    ),
    Source(
        "free-places",
        P.PLACE_GIVE,
        rows=free_places,
        words=lambda task: _("Offer the free place to who waits"),
        url=lambda task: reverse("caregivers:people", args=[task.code]),
        cohort="",
    ),
]


def names(cohorts: Collection[int], people: Collection[int]) -> Mapping[tuple[int, int], tuple[Caregiver, str]]:
    """What these people are called in each of these groups, told apart from whoever is called the same there."""
    there = Referral.objects.filter(cohort__in=cohorts, caregiver__erased_at=None).select_related("caregiver")
    groups = defaultdict(list)
    for referral in there.only("cohort_id", "caregiver__code", *NAMES):
        groups[referral.cohort_id].append(referral.caregiver)
    found = {}
    for cohort, everybody in groups.items():
        known = called(everybody)
        found.update({(cohort, who.pk): (who, known[who.pk]) for who in everybody if who.pk in people})
    return found
