"""What is due for the team itself: support that somebody asked for, or that was offered and has not been held."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ppg.access.permissions import P
from programmes.due.sources import Asked, Source
from programmes.models import SupportRequest, TeamSupport

SOON = timedelta(weeks=2)  # what was offered is held by then
ANSWERED_WITHIN = timedelta(days=2)  # whoever asks hears of somebody by then
FORGOTTEN = timedelta(weeks=26)  # after so long nobody remembers whether it was


def not_held(asked: Asked) -> QuerySet[TeamSupport]:
    lately = TeamSupport.objects.filter(held_on=None, not_wanted=False, offered_on__gte=asked.today - FORGOTTEN)
    return lately.filter(asked.within("member__cohort"))


SUPPORT = Source(
    "support",
    P.TEAM_SUPPORT,
    rows=not_held,
    words=lambda task: _("Record whether %(name)s had their support") % {"name": task.detail},
    url=lambda task: reverse("programmes:support_change", args=[task.code]),
    due="offered_on",
    within=SOON,
    cohort="member__cohort",
    detail="member__user__name",
)


def asked_for(asked: Asked) -> QuerySet[SupportRequest]:
    return SupportRequest.objects.open().filter(asked.within("member__cohort"))


REQUESTS = Source(
    "support_requests",
    P.TEAM_SUPPORT,
    rows=asked_for,
    words=lambda task: _("Offer support to %(name)s, who asked for it") % {"name": task.detail},
    url=lambda task: reverse("programmes:support", args=[task.part]),
    due="asked_on",
    within=ANSWERED_WITHIN,
    cohort="member__cohort",
    detail="member__user__name",
    part="member__cohort__code",
)
