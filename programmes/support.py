"""Support given to the team of a group: that it was offered, held or not wanted, and when. Never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg import audit
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort, TeamMember, TeamSupport

Kind = TeamSupport.Kind
Job = TeamMember.Job

# For whom each kind of support is. A lead who runs sessions has the facilitator's.
FOR_WHOM: dict[str, tuple[str, ...]] = {
    Kind.CLINICAL: (Job.PARENT,),
    Kind.REFLECTIVE: (Job.PARENT, Job.FACILITATOR, Job.LEAD),
    Kind.AFTER: (Job.PARENT,),
}
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


def _runs(member: TeamMember) -> bool:
    return member.job == Job.FACILITATOR and not member.left_on


def people(cohort: Cohort) -> dict[str, TeamMember]:
    """Those whom support can be recorded for, by their code; a person's latest time in the team counts."""
    jobs = {job for fitting in FOR_WHOM.values() for job in fitting}
    return {one.user.code: one for one in cohort.team.filter(job__in=jobs).select_related("user")}


def why_not(member: TeamMember, kind: str) -> str:
    """Why this support is not theirs, or nothing."""
    if member.job in FOR_WHOM[kind]:
        return ""
    return str(_("This support is for the parent with lived experience."))


# --- Doing -----------------------------------------------------------------------------------------------


@transaction.atomic
def record(
    *, member: TeamMember, kind: str, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """That it was offered, and what became of it."""
    if why := why_not(member, kind):
        raise Refused(why)
    made = TeamSupport.objects.create(
        member=member, kind=kind, offered_on=offered_on, held_on=held_on, not_wanted=not_wanted, recorded_by=by
    )
    audit.record(by, audit.Verb.CREATED, made, cohort=member.cohort, fields=["kind", "offered_on"])
    return made


@transaction.atomic
def change(
    *, support: TeamSupport, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """What became of it, or a date put right."""
    held = TeamSupport.objects.select_for_update(of=("self",)).get(pk=support.pk)
    told = {"offered_on": offered_on, "held_on": held_on, "not_wanted": not_wanted}
    changed = [name for name, value in told.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, told[name])
        held.recorded_by = by
        held.save()
        audit.record(by, audit.Verb.CHANGED, held, cohort=support.member.cohort, fields=changed)
    return held


@transaction.atomic
def remove(*, support: TeamSupport, by: User) -> None:
    """Recorded by mistake."""
    if TeamSupport.objects.filter(pk=support.pk).delete()[0]:
        audit.record(by, audit.Verb.CHANGED, support, cohort=support.member.cohort, fields=["removed"])
