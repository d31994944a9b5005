"""Groups in which somebody who leaves the service has something open, and who could go on with it.

Sessions and reports belong to higher apps. They say in their `AppConfig.ready()` which groups are over, and what else
should be known of a group:

    over.add(sessions_past)
    remarks.add(report_begun)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from ppg.access.permissions import can
from ppg.accounts.leaving import Leaver
from ppg.hooks import Hook
from ppg.models import User
from programmes.models import Cohort, TeamMember
from programmes.team.owned import Owned, owned
from programmes.team.rules import FITS, Job

RUN_BY = (Job.LEAD, Job.FACILITATOR)  # a group that goes on needs them

# They get and return numbers of groups.
over: Hook[Callable[[Collection[int]], set[int]]] = Hook("Which groups are over: those of which each app says so.")
# By the group's number.
remarks: Hook[Callable[[Collection[int], User], Mapping[int, str]]] = Hook(
    "What should be known of a group that somebody who leaves hands over, as a sentence."
)


@dataclass(frozen=True)
class Group:
    """A group in which the leaver has something open: their place in its team, if they still have one, and tasks."""

    cohort: Cohort
    team: Sequence[TeamMember]
    member: TeamMember | None
    tasks: Sequence[tuple[Owned, int]]
    leaves: bool  # the team, not only the tasks
    over: bool
    remarks: tuple[str, ...] = ()

    def job_of(self, user: User) -> str:
        return next((one.job for one in self.team if one.user_id == user.pk), "")

    def alone_as(self, job: str) -> bool:
        """The leaver, or nobody, has this job there."""
        rest = (one for one in self.team if self.member is None or one.user_id != self.member.user_id)
        return not any(one.job == job and one.user.can_sign_in for one in rest)

    @property
    def leaderless(self) -> bool:
        """Whoever takes this over leads the group from then on."""
        led_by_them = self.member is None or (self.leaves and self.member.job == Job.LEAD)
        return led_by_them and not self.over and self.alone_as(Job.LEAD)

    @property
    def needed(self) -> bool:
        if self.tasks:
            return True
        job = self.member.job if self.member else ""
        return not self.over and job in RUN_BY and self.alone_as(job)

    def may_take(self, user: User) -> bool:
        """Whose role fits the job, or who is in the team and may do what is open."""
        there = bool(self.job_of(user))
        if not all(can(user, kind.permission) for kind, _n in self.tasks):
            return False
        if self.member is None:
            return there or (self.leaderless and user.role in FITS[Job.LEAD])
        fits = user.role in FITS[self.member.job]
        if self.leaderless or not there:
            return fits
        return bool(self.tasks) or (fits and self.needed)


def groups_of(leaver: Leaver) -> list[Group]:
    """In the order in which they are held, with the same number of queries however many they are."""
    tasks = _tasks(leaver.user)
    mine = set(TeamMember.objects.filter(user=leaver.user, left_on=None).values_list("cohort", flat=True))
    cohorts = Cohort.objects.in_bulk(mine | set(tasks))
    teams: dict[int, list[TeamMember]] = defaultdict(list)
    for member in TeamMember.objects.filter(cohort__in=cohorts, left_on=None).select_related("user"):
        teams[member.cohort_id].append(member)
    are_over = set.intersection(*(rule(cohorts) for rule in over)) if over else set()
    sentences = [tell(cohorts, leaver.user) for tell in remarks]
    made = (
        _group(
            leaver,
            cohort,
            teams[pk],
            tasks.get(pk, []),
            over=pk in are_over,
            remarks=tuple(each[pk] for each in sentences if pk in each),
        )
        for pk, cohort in sorted(cohorts.items())
    )
    return [group for group in made if group.leaves or group.tasks]


def _tasks(user: User) -> dict[int, list[tuple[Owned, int]]]:
    """What they own, counted: kind by kind, by the group's number."""
    counted: dict[int, list[tuple[Owned, int]]] = defaultdict(list)
    for kind in owned:
        for cohort, n in kind.open_of(user).order_by().values_list("cohort").annotate(n=Count("pk")):
            counted[cohort].append((kind, n))
    return counted


def _group(
    leaver: Leaver,
    cohort: Cohort,
    members: Sequence[TeamMember],
    tasks: Sequence[tuple[Owned, int]],
    *,
    over: bool,
    remarks: tuple[str, ...],
) -> Group:
    member = next((one for one in members if one.user_id == leaver.user.pk), None)
    leaves = member is not None and (leaver.role is None or leaver.role not in FITS[member.job])
    handed = [task for task in tasks if leaves or not leaver.keeps(task[0].permission)]
    return Group(cohort, members, member, handed, leaves, over, remarks)
