"""The team of a group: who is in it, who leaves it, and who goes on with what they had open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg import audit
from ppg.models import User
from ppg.permissions import P, Role, can
from ppg.refusals import Refused
from programmes.models import Cohort, TeamMember

Job = TeamMember.Job

# Whose role goes with which job. A lead may run the sessions too.
FITS: dict[str, tuple[str, ...]] = {
    Job.LEAD: (Role.LEAD,),
    Job.FACILITATOR: (Role.FACILITATOR, Role.LEAD),
    Job.PARENT: (Role.PARENT,),
    Job.MANAGER: (Role.MANAGER,),
    Job.EVALUATION: (Role.EVALUATOR,),
}

# A reminder on the team's page; nobody is asked for proof.
BRINGS = [
    gettext_lazy("A good understanding of how children are exploited to move and sell drugs"),
    gettext_lazy("Respect for each family's culture, and the wish to learn about it"),
    gettext_lazy("Practice in working with parents, with communities and with services alike"),
    gettext_lazy("The other tools of the county lines pathfinder, read"),
    gettext_lazy("Skills in leading a group"),
    gettext_lazy("Ways of talking that help people change, such as motivational interviewing and CBT"),
    gettext_lazy("Restorative skills: helping people to put things right between them"),
]


# --- What members have open ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owned:
    """A kind of task that somebody of the team owns (`owner` and `cohort` on each row). Apps register theirs in
    `ready()`:

        team.add_owned(Owned(P.FOLLOW_UP, open_follow_ups, told))

    `open_of(user)` finds those still to be done, in every group, `told(n)` says how many in words, and whoever takes
    them over needs `permission`.
    """

    permission: P
    open_of: Callable[[User], QuerySet[Any]]
    told: Callable[[int], str]


owned: list[Owned] = []


def add_owned(kind: Owned) -> None:
    owned.append(kind)


@dataclass(frozen=True)
class Open:
    """What one member has open in a group, and who could go on with it."""

    told: list[str]  # "2 calls and follow-ups"
    takers: list[User]


def open_of(cohort: Cohort, user: User) -> Open:
    """A query for each kind of task, and one for the team."""
    counted = [(kind, kind.open_of(user).filter(cohort=cohort).count()) for kind in owned]
    found = [(kind, n) for kind, n in counted if n]
    needed = [kind.permission for kind, _n in found]
    others = [member.user for member in members(cohort) if member.user_id != user.pk]
    takers = [one for one in others if all(can(one, permission) for permission in needed)]
    return Open([kind.told(n) for kind, n in found], takers)


def hand_over(cohort: Cohort, from_user: User, to: User, by: User, kinds: Iterable[Owned] = owned) -> None:
    """In the caller's transaction, which holds the group."""
    for kind in kinds:
        tasks = kind.open_of(from_user).filter(cohort=cohort)
        for task in tasks.order_by("pk").select_for_update(of=("self",)):
            task.owner = to
            task.save(update_fields=["owner"])
            person = getattr(task, "caregiver", None)
            audit.record(by, audit.Verb.CHANGED, task, person=person, cohort=cohort, fields=["owner"])


# --- Reading ---------------------------------------------------------------------------------------------


def members(cohort: Cohort) -> list[TeamMember]:
    """Those who work with the group now, job by job."""
    found = cohort.team.filter(left_on=None).select_related("user")
    return sorted(found, key=lambda member: (Job.values.index(member.job), member.user.name))


def left(cohort: Cohort) -> QuerySet[TeamMember]:
    """Those who did, the last to go first."""
    return cohort.team.exclude(left_on=None).select_related("user").order_by("-left_on", "-id")


def who_could(cohort: Cohort) -> list[User]:
    """Everybody whose role fits some job and who is not in the team."""
    roles = {role for fitting in FITS.values() for role in fitting}
    there = cohort.team.filter(left_on=None).values("user")
    return list(User.objects.filter(is_active=True, role__in=roles).exclude(pk__in=there).order_by("name"))


def why_not_job(user: User, job: str) -> str:
    """Why this job is not for them, or nothing."""
    if user.role in FITS[job]:
        return ""
    words = {"name": user.name, "role": user.get_role_display(), "job": Job(job).label}
    return _("%(name)s signs in as “%(role)s”. That does not go with the job “%(job)s”.") % words


def why_not_leave(team: Iterable[TeamMember], member: TeamMember) -> str:
    """Why this member cannot go now, or nothing. Somebody who may no longer sign in leads nothing."""
    others = (one for one in team if one.job == Job.LEAD and one.user_id != member.user_id)
    if member.job != Job.LEAD or any(one.user.can_sign_in for one in others):
        return ""
    return _("%(name)s is the only programme lead. Add another lead first.") % {"name": member.user.name}


# --- Doing -----------------------------------------------------------------------------------------------


@transaction.atomic
def join(*, cohort: Cohort, user: User, job: str, by: User) -> TeamMember:
    """Into the team. The same press again changes nothing."""
    lock(cohort)
    if there := cohort.team.filter(user=user, left_on=None).first():
        if there.job == job:
            return there
        raise Refused(_("%(name)s is in the team already.") % {"name": user.name})
    if why := "" if user.is_active else _("%(name)s may not sign in any more.") % {"name": user.name}:
        raise Refused(why)
    if why := why_not_job(user, job):
        raise Refused(why)
    made = TeamMember.objects.create(cohort=cohort, user=user, job=job)
    audit.record(by, audit.Verb.CHANGED, user, cohort=cohort, fields=["team", job])
    return made


@transaction.atomic
def change_job(*, cohort: Cohort, user: User, job: str, by: User) -> TeamMember:
    """Somebody of the team does another job from today on; what they have open stays theirs."""
    lock(cohort)
    there = cohort.team.filter(user=user, left_on=None).exclude(job=job).first()
    if there and (why := why_not_job(user, job)):
        raise Refused(why)
    if there:
        there.left_on = timezone.localdate()
        there.save(update_fields=["left_on"])
    return join(cohort=cohort, user=user, job=job, by=by)


@transaction.atomic
def leave(
    *,
    cohort: Cohort,
    user: User,
    by: User,
    to: User | None = None,
    at: datetime | None = None,
    over: bool = False,
) -> None:
    """Out of the team, and out of the group's pages with their next request. What they have open goes to `to`.
    A group that is `over` can do without a lead."""
    lock(cohort)
    team = members(cohort)
    member = next((one for one in team if one.user_id == user.pk), None)
    if member is None:
        return  # pressed twice
    if not over and (why := why_not_leave(team, member)):
        raise Refused(why)
    has_open = open_of(cohort, user)
    if has_open.told:
        if to not in has_open.takers:
            raise Refused(_("Say who of the team goes on with what %(name)s has open.") % {"name": user.name})
        hand_over(cohort, user, to, by)
    member.left_on = timezone.localdate(at or timezone.now())
    member.save(update_fields=["left_on"])
    audit.record(by, audit.Verb.CHANGED, user, cohort=cohort, fields=["left_on", "team"])


def hold(cohort: Cohort, owner: User | None) -> None:
    """First in a transaction that gives somebody something to do: they are in the team until it ends, so that nothing
    comes to them in the moment in which they hand over what they have."""
    if owner is None:
        return
    lock(cohort)
    if not works_with(cohort, owner):
        raise Refused(_("%(name)s is not in the team any more. Choose somebody else.") % {"name": owner.name})


def works_with(cohort: Cohort, user: User) -> bool:
    return cohort.team.filter(user=user, left_on=None).exists()


def lock(cohort: Cohort) -> None:
    """Two leads who leave at once would leave nobody."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
