"""What support was given to the team of a group, and to whom nothing has been offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg.models import User
from programmes.models import Cohort, SupportRequest, TeamMember, TeamSupport
from programmes.support.rules import FOR_WHOM, Job, Kind

# How the page is divided: the parent's and the facilitator's reflective sessions stand apart.
SECTIONS: list[tuple[str, Any, tuple[str, ...]]] = [
    (Kind.CLINICAL, _("Before: clinical session for the parent with lived experience"), (Job.PARENT,)),
    (Kind.REFLECTIVE, _("During: reflective sessions for the parent with lived experience"), (Job.PARENT,)),
    (Kind.REFLECTIVE, _("During: reflective sessions for the facilitator"), (Job.FACILITATOR, Job.LEAD)),
    (Kind.AFTER, _("After: support for the parent with lived experience"), (Job.PARENT,)),
]


@dataclass(frozen=True)
class Section:
    """One kind of support for one job: what was recorded, and to whom nothing has been offered."""

    title: str
    rows: list[TeamSupport]
    nothing_for: list[tuple[TeamMember, str]]  # (member, where it is recorded)

    @property
    def empty(self) -> bool:
        return not self.rows and not self.nothing_for


def add_url(cohort: Cohort, kind: str, user: User) -> str:
    """Where support is recorded, with what is known already filled in."""
    address = reverse("programmes:support_add", args=[cohort.code])
    return f"{address}?{urlencode({'kind': kind, 'who': user.code})}"


def sections(cohort: Cohort) -> list[Section]:
    """All that was recorded for a group's team, those who have left included. Two queries, however much it is."""
    team = list(cohort.team.select_related("user"))
    every = TeamSupport.objects.filter(member__cohort=cohort).select_related("member__user", "recorded_by")
    rows = list(every)
    made = []
    for kind, title, jobs in SECTIONS:
        own = [row for row in rows if row.kind == kind and row.member.job in jobs]
        offered = {row.member.user_id for row in own}
        asked_for = [Job.FACILITATOR] if Job.FACILITATOR in jobs and any(_runs(one) for one in team) else jobs
        waiting = [one for one in team if one.job in asked_for and not one.left_on and one.user_id not in offered]
        made.append(Section(str(title), own, [(one, add_url(cohort, kind, one.user)) for one in waiting]))
    return made


@dataclass(frozen=True)
class Asked:
    """Somebody of the team asked for support, and nothing has been offered since."""

    user: User
    on: date
    url: str  # where the offer is recorded


def asked_for(cohort: Cohort) -> list[Asked]:
    rows = SupportRequest.objects.open().filter(member__cohort=cohort).select_related("member__user")
    return [Asked(row.member.user, row.asked_on, add_url(cohort, Kind.REFLECTIVE, row.member.user)) for row in rows]


def _runs(member: TeamMember) -> bool:
    return member.job == Job.FACILITATOR and not member.left_on


def people(cohort: Cohort) -> dict[str, TeamMember]:
    """Those whom support can be recorded for, by their code; a person's latest time in the team counts."""
    jobs = {job for fitting in FOR_WHOM.values() for job in fitting}
    return {one.user.code: one for one in cohort.team.filter(job__in=jobs).select_related("user")}
