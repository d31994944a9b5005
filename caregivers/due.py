"""What is due about people: calls, first contacts, police checks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Caregiver, FollowUp, Place, Referral
from caregivers.names import NAMES, called
from caregivers.people.stages import Stage, of_stage, with_stage
from ppg.access.permissions import P
from programmes.due.sources import Asked, Source, Task

SOON = timedelta(days=3)  # whoever asked for us, or was named to us, hears from us by then

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


def contact(task: Task) -> str:
    return reverse("caregivers:contact", args=[task.code])


SOURCES = [
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
        due="received_on",
        within=SOON,
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
